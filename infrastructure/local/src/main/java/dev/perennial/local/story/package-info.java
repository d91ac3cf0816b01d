/** The short story that the platform plays after its start, over HTTP like any client. */
@NullMarked
package dev.perennial.local.story;

import org.jspecify.annotations.NullMarked;
