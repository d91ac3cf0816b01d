/** The platform in one JVM: HTTP routes, queue pollers and schedules from the same topology. */
@NullMarked
package dev.perennial.local;

import org.jspecify.annotations.NullMarked;
