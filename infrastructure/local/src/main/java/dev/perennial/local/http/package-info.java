/** The HTTP front: API Gateway's part for the routes of the topology, and {@code /local/*}. */
@NullMarked
package dev.perennial.local.http;

import org.jspecify.annotations.NullMarked;
