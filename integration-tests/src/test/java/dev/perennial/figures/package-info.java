/** Counted costs, printed with each run so that a change for the worse is seen. */
@NullMarked
package dev.perennial.figures;

import org.jspecify.annotations.NullMarked;
