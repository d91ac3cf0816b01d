/** The catalog of live definitions that the event path works with. */
@NullMarked
package dev.perennial.domain.definition;

import org.jspecify.annotations.NullMarked;
