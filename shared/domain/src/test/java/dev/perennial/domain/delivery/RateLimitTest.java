package dev.perennial.domain.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RateLimitTest {

  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

  private static final Duration TURN = Duration.ofSeconds(10);

  private final Map<Long, Integer> leased = new HashMap<>();
  private int asked;

  private int lease(String limit, long window, int wanted, int most) {
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
      sent += senders.get(i % 3).take("EMAIL", 140, TURN, NOW.plusMillis(3L * i)).isEmpty() ? 1 : 0;
    }

    assertThat(sent).isEqualTo(140);
    assertThat(leased.values()).allMatch(n -> n <= 140);
    assertThat(senders.getFirst().take("EMAIL", 140, TURN, NOW.plusSeconds(9)))
        .contains(NOW.plus(TURN));
    assertThat(senders.getFirst().take("EMAIL", 140, TURN, NOW.plus(TURN))).isEmpty();
  }

  @Test
  void ofAWindowThatIsUsedUpNobodyAsksAgain() {
    RateLimit sender = new RateLimit(this::lease);
    for (int i = 0; i < 500; i++) {
      boolean goes = sender.take("SMS", 20, TURN, NOW).isEmpty();
      assertThat(goes).isEqualTo(i < 20);
    }
    assertThat(asked).isEqualTo(21);

    sender.giveBack("SMS");
    assertThat(sender.take("SMS", 20, TURN, NOW)).isEmpty();
    assertThat(sender.take("SMS", 20, TURN, NOW)).isPresent();
    assertThat(sender.take("SMS", 0, TURN, NOW)).isPresent();
    assertThat(asked).isEqualTo(21);
    assertThat(sender.take("SMS", 21, TURN, NOW)).isEmpty();
    assertThat(sender.take("SMS", 20, TURN, NOW.plus(TURN))).isEmpty();
    assertThat(asked).isEqualTo(23);
  }

  @Test
  void aLeaseLastsForSeveralMessagesOfItsWindowOnly() {
    RateLimit sender = new RateLimit(this::lease);
    for (int i = 0; i < 50; i++) {
      assertThat(sender.take("SMS", 1_000, TURN, NOW)).isEmpty();
    }
    assertThat(asked).isEqualTo(1);

    assertThat(sender.take("SMS", 1_000, TURN, NOW.plus(TURN))).isEmpty();
    assertThat(asked).isEqualTo(2);
  }
}
