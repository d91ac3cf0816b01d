/** Publishing to SQS. */
@NullMarked
package dev.perennial.aws.queues;

import org.jspecify.annotations.NullMarked;
