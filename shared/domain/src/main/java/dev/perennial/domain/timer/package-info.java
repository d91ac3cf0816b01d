/** When to look again: timers, and the tick that finds those that are due. */
@NullMarked
package dev.perennial.domain.timer;

import org.jspecify.annotations.NullMarked;
