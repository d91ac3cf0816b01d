/**
 * What the platform does as a whole, seen over HTTP only, so that the same scenarios run against
 * any stage.
 */
@NullMarked
package dev.perennial.scenarios;

import org.jspecify.annotations.NullMarked;
