/** What Lambda does between SQS and a function, and how to know that no queue has work. */
@NullMarked
package dev.perennial.local.queues;

import org.jspecify.annotations.NullMarked;
