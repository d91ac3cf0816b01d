/** The functions that move people through journeys. */
@NullMarked
package dev.perennial.functions.journeys;

import org.jspecify.annotations.NullMarked;
