/** The functions that record events and decide who a person is. */
@NullMarked
package dev.perennial.functions.identity;

import org.jspecify.annotations.NullMarked;
