/** The functions that send messages and record what became of them. */
@NullMarked
package dev.perennial.functions.delivery;

import org.jspecify.annotations.NullMarked;
