/**
 * Stand-ins of the services that reach people: they speak the wire protocol of Pinpoint and SES to
 * the unmodified SDK, keep what they accept in an {@link dev.perennial.local.providers.Inbox}, and
 * fail on request.
 */
@NullMarked
package dev.perennial.local.providers;

import org.jspecify.annotations.NullMarked;
