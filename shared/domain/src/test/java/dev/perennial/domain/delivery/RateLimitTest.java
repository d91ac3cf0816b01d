package dev.perennial.domain.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RateLimitTest {

  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

  private final Map<Long, Integer> leased = new HashMap<>();
  private int asked;

  private int lease(Channel channel, long window, int wanted, int most) {
    asked++;
    int before = leased.getOrDefault(window, 0);
    if (before + wanted > most) {
      return 0;
    }
    leased.put(window, before + wanted);
    return wanted;
  }

  @Test
  void allSendersTogetherKeepTheRateAndSeldomAsk() {
    List<RateLimit> senders =
        List.of(new RateLimit(this::lease), new RateLimit(this::lease), new RateLimit(this::lease));

    int sent = 0;
    for (int i = 0; i < 3_000; i++) {
      sent += senders.get(i % 3).take(Channel.EMAIL, 14, NOW.plusMillis(3L * i)) ? 1 : 0;
    }

    assertThat(sent).isEqualTo(140);
    assertThat(leased.values()).allMatch(n -> n <= 140);
    assertThat(senders.getFirst().take(Channel.EMAIL, 14, NOW.plusSeconds(10))).isTrue();
  }

  @Test
  void aLeaseLastsForSeveralMessagesOfItsWindowOnly() {
    RateLimit sender = new RateLimit(this::lease);
    for (int i = 0; i < 50; i++) {
      assertThat(sender.take(Channel.SMS, 100, NOW)).isTrue();
    }
    assertThat(asked).isEqualTo(1);

    assertThat(sender.take(Channel.SMS, 100, NOW.plusSeconds(RateLimit.SECONDS))).isTrue();
    assertThat(asked).isEqualTo(2);
  }
}
