package dev.perennial.domain.consent;

import dev.perennial.domain.delivery.Channel;
import java.time.Instant;

/**
 * A claimed message that counts toward limits.
 *
 * @param send its id: a message that is claimed again counts once
 * @param marketing whether frequency caps mind it
 */
public record Counted(String send, Channel channel, String topic, Instant at, boolean marketing) {}
