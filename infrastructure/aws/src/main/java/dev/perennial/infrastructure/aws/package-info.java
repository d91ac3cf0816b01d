/** The CDK app: stacks and grants derived from the topology. */
@NullMarked
package dev.perennial.infrastructure.aws;

import org.jspecify.annotations.NullMarked;
