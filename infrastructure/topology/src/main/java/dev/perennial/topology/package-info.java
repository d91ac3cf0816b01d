/**
 * The whole system on one page: tables, queues and functions, what starts each function and what it
 * may touch. {@link dev.perennial.topology.Topology} is that page; the local platform runs it and
 * the CDK app deploys it, so the two cannot drift apart.
 */
@NullMarked
package dev.perennial.topology;

import org.jspecify.annotations.NullMarked;
