/**
 * The CDK app: one CloudFormation stack per stage, derived from {@link
 * dev.perennial.topology.Topology}. Nothing here names a function, a route, a queue or a table; to
 * change what is deployed, change that page.
 */
@NullMarked
package dev.perennial.infrastructure.aws;

import org.jspecify.annotations.NullMarked;
