/** The wire codecs: the only place that knows JSON field names. */
@NullMarked
package dev.perennial.json;

import org.jspecify.annotations.NullMarked;
