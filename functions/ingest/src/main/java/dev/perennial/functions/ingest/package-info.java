/** The functions that accept events. */
@NullMarked
package dev.perennial.functions.ingest;

import org.jspecify.annotations.NullMarked;
