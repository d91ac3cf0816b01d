/**
 * The CDK app: one CloudFormation stack per stage, derived from {@link
 * dev.perennial.topology.Topology}. Nothing here names a function or a route; to change what is
 * deployed, change that page.
 */
@NullMarked
package dev.perennial.infrastructure.aws;

import org.jspecify.annotations.NullMarked;
