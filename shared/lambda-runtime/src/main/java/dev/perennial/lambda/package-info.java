/** From a Lambda envelope to a use case and back: partial batches, environment, structured log. */
@NullMarked
package dev.perennial.lambda;

import org.jspecify.annotations.NullMarked;
