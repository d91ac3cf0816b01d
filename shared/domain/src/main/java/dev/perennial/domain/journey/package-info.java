/** What follows: journeys, enrollments and how time and triggers move them. */
@NullMarked
package dev.perennial.domain.journey;

import org.jspecify.annotations.NullMarked;
