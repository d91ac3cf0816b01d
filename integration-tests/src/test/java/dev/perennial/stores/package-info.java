/** The stores over the real DynamoDB Local, by the contracts that the in-memory ones keep too. */
@NullMarked
package dev.perennial.stores;

import org.jspecify.annotations.NullMarked;
