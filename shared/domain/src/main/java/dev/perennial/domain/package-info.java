/**
 * The pure core of Perennial: records, sealed decisions, use cases and the ports they need, per
 * capability. Nothing here knows AWS, JSON or the machine's clock: time is always an argument.
 */
@NullMarked
package dev.perennial.domain;

import org.jspecify.annotations.NullMarked;
