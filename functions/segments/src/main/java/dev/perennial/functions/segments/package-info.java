/** The functions that decide which segments a person is in. */
@NullMarked
package dev.perennial.functions.segments;

import org.jspecify.annotations.NullMarked;
