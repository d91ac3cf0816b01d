/** How fast segments are, beside other engines that answer alike. */
@NullMarked
package dev.perennial.benchmarks;

import org.jspecify.annotations.NullMarked;
