/**
 * AWS on a laptop: DynamoDB Local, ElasticMQ and provider stand-ins, and in front of them one
 * gateway per function that allows what the topology grants it and nothing else.
 */
@NullMarked
package dev.perennial.local.aws;

import org.jspecify.annotations.NullMarked;
