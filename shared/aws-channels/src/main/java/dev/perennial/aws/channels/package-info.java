/** The senders: one class for each provider that reaches people. */
@NullMarked
package dev.perennial.aws.channels;

import org.jspecify.annotations.NullMarked;
