/** API keys and what they may do. */
@NullMarked
package dev.perennial.domain.access;

import org.jspecify.annotations.NullMarked;
