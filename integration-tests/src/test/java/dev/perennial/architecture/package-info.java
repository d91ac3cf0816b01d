/** The directions between modules, as a test. */
@NullMarked
package dev.perennial.architecture;

import org.jspecify.annotations.NullMarked;
