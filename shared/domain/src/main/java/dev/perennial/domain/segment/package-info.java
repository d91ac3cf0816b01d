/** Who belongs together now: conditions, counters, evaluation and transitions. */
@NullMarked
package dev.perennial.domain.segment;

import org.jspecify.annotations.NullMarked;
