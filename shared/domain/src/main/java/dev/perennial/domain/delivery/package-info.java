/** Messages: content, intents, claims and outcomes. */
@NullMarked
package dev.perennial.domain.delivery;

import org.jspecify.annotations.NullMarked;
