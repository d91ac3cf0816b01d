package dev.perennial.domain.consent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.consent.Consent.Decision;
import dev.perennial.domain.delivery.Channel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void decisionsCountAlikeInEveryOrder(long seed) {
    Random random = new Random(seed);
    for (int history = 0; history < 500; history++) {
      List<Consent> decisions = decisions(random);
      List<Consent> shuffled = new ArrayList<>(decisions);
      shuffled.addAll(decisions);
      Collections.shuffle(shuffled, random);
      Permissions ordered = Permissions.NONE;
      for (Consent decision : decisions) {
        ordered = ordered.with(decision);
      }
      Permissions[] parts = {Permissions.NONE, Permissions.NONE, Permissions.NONE};
      Permissions other = Permissions.NONE;
      for (Consent decision : shuffled) {
        other = other.with(decision);
        int part = random.nextInt(parts.length);
        parts[part] = parts[part].with(decision);
      }

      assertThat(Set.copyOf(other.consents())).isEqualTo(Set.copyOf(ordered.consents()));
      assertThat(Set.copyOf(Permissions.fold(List.of(parts)).consents()))
          .isEqualTo(Set.copyOf(ordered.consents()));
      assertThat(ordered.decision(Channel.EMAIL, "a")).isEqualTo(model(decisions, "a"));
      assertThat(ordered.decision(Channel.EMAIL, Consent.ALL))
          .isEqualTo(model(decisions, Consent.ALL));
    }
  }

  /** Of one topic at few instants, so that many are decided on twice at once. */
  private static List<Consent> decisions(Random random) {
    List<Consent> decisions = new ArrayList<>();
    for (int i = random.nextInt(1, 8); i > 0; i--) {
      decisions.add(
          new Consent(
              Channel.EMAIL,
              random.nextBoolean() ? "a" : Consent.ALL,
              random.nextBoolean() ? Decision.GRANTED : Decision.DENIED,
              NOON.plusSeconds(random.nextInt(3)),
              random.nextBoolean() ? "consent" : null,
              random.nextBoolean() ? "form" : null,
              random.nextBoolean() ? "v1" : null));
    }
    return decisions;
  }

  /** The latest, and at one instant a denial. */
  private static Optional<Decision> model(List<Consent> decisions, String topic) {
    List<Consent> about = decisions.stream().filter(one -> one.topic().equals(topic)).toList();
    Optional<Instant> last = about.stream().map(Consent::at).max(Instant::compareTo);
    return last.map(
        at ->
            about.stream().anyMatch(one -> one.at().equals(at) && one.decision() == Decision.DENIED)
                ? Decision.DENIED
                : Decision.GRANTED);
  }

  @Test
  void whatIsDecidedLastOnAStandingClockCounts() {
    Permissions permissions = Permissions.NONE;
    for (int i = 0; i < 4; i++) {
      Decision decision = i % 2 == 0 ? Decision.DENIED : Decision.GRANTED;
      Consent said = email(i < 2 ? "news" : Consent.ALL, decision, NOON);

      permissions = permissions.with(permissions.last(said));

      assertThat(permissions.marketingDecision(Channel.EMAIL, "news")).contains(decision);
    }
    assertThat(permissions.last(email("news", Decision.DENIED, NOON)).at())
        .isEqualTo(NOON.plusMillis(4));
    assertThat(permissions.last(email("news", Decision.DENIED, NOON.plusSeconds(9))).at())
        .isEqualTo(NOON.plusSeconds(9));
  }

  @Test
  void eachReasonToBlockIsLiftedAlone() {
    Block manual = new Block(Block.Reason.MANUAL, NOON);
    Block complaint = new Block(Block.Reason.COMPLAINT, NOON.plusSeconds(1));
    Block later = new Block(Block.Reason.MANUAL, NOON.plusSeconds(2));

    Permissions blocked = Permissions.NONE.with(manual).with(complaint).with(later);

    assertThat(blocked).isEqualTo(Permissions.NONE.with(later).with(complaint).with(manual));
    assertThat(blocked.block()).isEqualTo(complaint);
    assertThat(blocked.without(Set.of(Block.Reason.COMPLAINT)).block()).isEqualTo(manual);
    assertThat(blocked.without(Set.of(Block.Reason.MANUAL)).block()).isEqualTo(complaint);
  }
}
