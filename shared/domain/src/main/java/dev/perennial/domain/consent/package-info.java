/** What people allow: their decisions per channel and topic. */
@NullMarked
package dev.perennial.domain.consent;

import org.jspecify.annotations.NullMarked;
