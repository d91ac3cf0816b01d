/** Values that clients send: the JSON data model, without JSON. */
@NullMarked
package dev.perennial.domain.value;

import org.jspecify.annotations.NullMarked;
