/**
 * The stores: one class for each concern of a DynamoDB table owns the keys, attribute names and
 * conditions of its items.
 */
@NullMarked
package dev.perennial.aws.dynamodb;

import org.jspecify.annotations.NullMarked;
