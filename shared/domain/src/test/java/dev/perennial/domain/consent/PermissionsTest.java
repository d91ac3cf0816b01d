package dev.perennial.domain.consent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.consent.Consent.Decision;
import dev.perennial.domain.delivery.Channel;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class PermissionsTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private static Consent email(String topic, Decision decision, Instant at) {
    return new Consent(Channel.EMAIL, topic, decision, at, null, null);
  }

  @Test
  void whoObjectsToVeryManyTopicsObjectsToAll() {
    Permissions permissions = Permissions.NONE;
    for (int i = 0; i < 100; i++) {
      permissions = permissions.with(email("topic" + i, Decision.DENIED, NOON));
    }
    assertThat(permissions.marketingDecision(Channel.EMAIL, "else")).isEmpty();
    assertThat(permissions.with(email("one more", Decision.GRANTED, NOON))).isSameAs(permissions);

    Permissions more = permissions.with(email("one more", Decision.DENIED, NOON));

    assertThat(more.consents()).hasSize(101);
    assertThat(more.marketingDecision(Channel.EMAIL, "else")).contains(Decision.DENIED);
    assertThat(more.with(email("and one", Decision.DENIED, NOON))).isEqualTo(more);
    assertThat(more.with(email("topic1", Decision.GRANTED, NOON.plusSeconds(1))).consents())
        .hasSize(101);
  }
}
