/**
 * What the platform does as a whole, seen over HTTP. Only whether nothing of somebody is left is
 * looked up in the tables themselves.
 */
@NullMarked
package dev.perennial.scenarios;

import org.jspecify.annotations.NullMarked;
