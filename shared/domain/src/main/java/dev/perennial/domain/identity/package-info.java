/** Who it was: identifiers, the links between them, and the people they resolve to. */
@NullMarked
package dev.perennial.domain.identity;

import org.jspecify.annotations.NullMarked;
