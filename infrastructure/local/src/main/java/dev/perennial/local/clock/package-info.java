/** Time that can be moved, and the schedules and due people that move with it. */
@NullMarked
package dev.perennial.local.clock;

import org.jspecify.annotations.NullMarked;
