/** The stores: one class for each DynamoDB table owns its keys, attribute names and conditions. */
@NullMarked
package dev.perennial.aws.dynamodb;

import org.jspecify.annotations.NullMarked;
