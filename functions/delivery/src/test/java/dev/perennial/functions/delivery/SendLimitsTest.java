package dev.perennial.functions.delivery;

import static dev.perennial.functions.delivery.SendingToAnn.ANN;
import static dev.perennial.functions.delivery.SendingToAnn.EMAIL;
import static dev.perennial.functions.delivery.SendingToAnn.NIGHT;
import static dev.perennial.functions.delivery.SendingToAnn.NOON;
import static dev.perennial.functions.delivery.SendingToAnn.byKey;
import static dev.perennial.functions.delivery.SendingToAnn.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.ExplainSends;
import dev.perennial.domain.delivery.Finding;
import dev.perennial.domain.delivery.Finding.Rule;
import dev.perennial.domain.delivery.FrequencyCap;
import dev.perennial.domain.delivery.Outcome;
import dev.perennial.domain.delivery.Policy;
import dev.perennial.domain.delivery.QuietHours;
import dev.perennial.domain.delivery.Send.State;
import dev.perennial.domain.delivery.SendRequest;
import dev.perennial.domain.identity.PersonId;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is limited, and what counts. */
class SendLimitsTest {

  private final SendingToAnn ann = new SendingToAnn();

  @Test
  void transactionalMessagesGoAtNightAndAboveCaps() {
    ann.policy = caps(new FrequencyCap(null, null, FrequencyCap.Period.DAY, 0));

    ann.sendMessage.send(request("o1", Policy.TRANSACTIONAL, null, Channel.EMAIL), NIGHT);
    ann.sendMessage.send(request("o2", Channel.EMAIL), NIGHT);

    assertThat(ann.delivered).hasSize(1);
    assertThat(ann.stored("o2").state()).isEqualTo(State.NOT_SENT);
    assertThat(ann.stored("o2").findings().getLast())
        .isEqualTo(
            new Finding(Channel.EMAIL, Rule.FREQUENCY_CAP, false, "0 of at most 0 this day"));
  }

  @Test
  void aCapThatIsReachedLeavesTheNextChannel() {
    ann.policy = caps(new FrequencyCap(Channel.EMAIL, null, FrequencyCap.Period.WEEK, 2));
    ann.grant(Channel.SMS);

    for (int i = 1; i <= 4; i++) {
      ann.sendMessage.send(request("o" + i, Channel.EMAIL, Channel.SMS), NOON.plusSeconds(i));
    }

    assertThat(ann.delivered)
        .extracting(message -> message.to().channel())
        .containsExactly(Channel.EMAIL, Channel.EMAIL, Channel.SMS, Channel.SMS);
    Instant monday = Instant.parse("2026-03-02T09:00:00Z");
    ann.sendMessage.send(request("o5", Channel.EMAIL), monday);
    assertThat(ann.stored("o5").state()).isEqualTo(State.SENT);
  }

  @Test
  void oneNumberGetsNoMoreThanAnybodyWouldWant() {
    ann.grant(Channel.SMS);
    for (int i = 1; i <= 11; i++) {
      ann.sendMessage.send(
          request("o" + i, Policy.TRANSACTIONAL, null, Channel.SMS), NOON.plusSeconds(i));
    }
    assertThat(ann.delivered).isEmpty();

    ann.policy = limits(Map.of(Channel.SMS, 3), Map.of(), Map.of());
    for (int i = 1; i <= 5; i++) {
      ann.sendMessage.send(request("c" + i, "codes", null, Channel.SMS), NOON.plusSeconds(i));
    }
    assertThat(ann.delivered).hasSize(3);
    assertThat(ann.stored("c4").findings().getLast().rule()).isEqualTo(Rule.PUMPING);
    ann.sendMessage.send(
        request("c6", "codes", null, Channel.SMS), NOON.plus(Duration.ofHours(25)));
    assertThat(ann.delivered).hasSize(4);
  }

  private Policy limits(
      Map<Channel, Integer> perAddressPerDay,
      Map<Channel, Integer> perWriteKeyPerHour,
      Map<Channel, Integer> perSecond) {
    return new Policy(
        ann.policy.zone(),
        null,
        List.of(),
        Set.of("codes"),
        Set.of(),
        perAddressPerDay,
        perWriteKeyPerHour,
        perSecond);
  }

  @Test
  void noMailboxIsFilled() {
    ann.policy = limits(Map.of(Channel.EMAIL, 2), Map.of(), Map.of());
    for (int i = 1; i <= 3; i++) {
      ann.sendMessage.send(request("o" + i, "codes", null, Channel.EMAIL), NOON.plusSeconds(i));
    }

    assertThat(ann.delivered).hasSize(2);
    assertThat(ExplainSends.explain(ann.stored("o3"))).contains("2 to this address in 24 hours");
    PersonId address = EMAIL.hash("main");
    ann.sendMessage.send(
        request("o4", "codes", null, Channel.EMAIL), NOON.plus(Duration.ofHours(25)));
    assertThat(ann.consents.of(address).counted()).hasSize(1);
  }

  @Test
  void whatOneWriteKeyStartsBeyondItsLimitWaitsForTheNextHour() {
    ann.policy = limits(Map.of(), Map.of(Channel.EMAIL, 5), Map.of());
    ann.left = 2;
    for (int i = 1; i <= 3; i++) {
      ann.sendMessage.send(byKey("o" + i, "website"), NOON);
    }
    ann.sendMessage.send(byKey("o4", null), NOON);

    assertThat(ann.delivered).hasSize(3);
    assertThat(ann.stored("o3").due()).isEqualTo(NOON.plus(Duration.ofHours(1)));
    assertThat(ann.stored("o3").findings().getLast())
        .isEqualTo(
            new Finding(
                Channel.EMAIL,
                Rule.PUMPING,
                false,
                "at most 5 an hour by events of the key website"));
  }

  @Test
  void aMessageSpendsOfItsKeysBudgetOnceHoweverOftenItIsTried() {
    ann.policy = limits(Map.of(), Map.of(Channel.EMAIL, 20), Map.of());
    ann.left = 1;
    ann.outcomes.add(new Outcome.Retryable("throttled"));
    ann.outcomes.add(new Outcome.Retryable("throttled"));
    for (int i = 0; i < 2; i++) {
      assertThat(ann.sendMessage.send(byKey("o1", "website"), NOON)).isFalse();
    }
    assertThat(ann.sendMessage.send(byKey("o1", "website"), NOON)).isTrue();
    assertThat(ann.stored("o1").attempts()).isEqualTo(3);

    // A lease is of one message here: nothing is left.
    ann.sendMessage.send(byKey("o2", "website"), NOON);
    assertThat(ann.stored("o2").state()).isEqualTo(State.DEFERRED);
  }

  @Test
  void aMessageThatWaitsForItsProviderSpendsNothing() {
    ann.policy = limits(Map.of(), Map.of(Channel.EMAIL, 20), Map.of(Channel.EMAIL, 1));
    ann.left = 1;
    ann.sendMessage.send(byKey("o1", "website"), NOON);
    assertThat(ann.stored("o1").findings().getLast().rule()).isEqualTo(Rule.RATE);

    ann.left = 1;
    ann.tick(NOON.plusSeconds(120));
    assertThat(ann.stored("o1").state()).isEqualTo(State.SENT);
  }

  @Test
  void whatNobodyAcceptedCountsTowardNoLimit() {
    ann.policy = caps(new FrequencyCap(null, null, FrequencyCap.Period.DAY, 1));
    ann.outcomes.add(new Outcome.Refused("no such mailbox"));
    ann.sendMessage.send(request("o1", Channel.EMAIL), NOON);
    assertThat(ann.stored("o1").state()).isEqualTo(State.REFUSED);
    assertThat(ann.stored("o1").detail()).isEqualTo("no such mailbox");
    assertThat(ann.totals.read(List.of("sends.email.refused"))).containsValue(1L);
    for (int i = 0; i < 4; i++) {
      ann.outcomes.add(new Outcome.Retryable("throttled"));
      ann.sendMessage.send(request("o2", Channel.EMAIL), NOON.plusSeconds(1));
    }
    assertThat(ann.stored("o2").state()).isEqualTo(State.DEFERRED);

    ann.sendMessage.send(request("o3", Channel.EMAIL), NOON.plusSeconds(2));
    assertThat(ann.stored("o3").state()).isEqualTo(State.SENT);
    assertThat(ann.consents.of(ANN).counted()).hasSize(1);

    ann.sendMessage.send(request("o4", Channel.EMAIL), NOON.plusSeconds(3));
    assertThat(ann.stored("o4").state()).isEqualTo(State.NOT_SENT);
  }

  @Test
  void whatWasNotAcceptedAndThenWaitsForTheRateCountsTowardNoLimit() {
    ann.policy =
        new Policy(
            ann.policy.zone(),
            null,
            List.of(new FrequencyCap(null, null, FrequencyCap.Period.DAY, 1)),
            Set.of(),
            Set.of(),
            Map.of(),
            Map.of(),
            Map.of(Channel.EMAIL, 1));
    Instant expiry = NOON.plus(Duration.ofMinutes(5));
    SendRequest stale = request("o1", "marketing", expiry, Channel.EMAIL);
    ann.outcomes.add(new Outcome.Retryable("throttled"));
    ann.left = 1;
    assertThat(ann.sendMessage.send(stale, NOON)).isFalse();
    assertThat(ann.consents.of(ANN).counted()).hasSize(1);
    assertThat(ann.sendMessage.send(stale, NOON)).isTrue();
    assertThat(ann.stored("o1").state()).isEqualTo(State.DEFERRED);
    assertThat(ann.consents.of(ANN).counted()).isEmpty();

    ann.left = 1;
    ann.sendMessage.send(request("o2", Channel.EMAIL), NOON.plusSeconds(10));
    assertThat(ann.stored("o2").state()).isEqualTo(State.SENT);
    ann.tick(expiry);
    assertThat(ann.stored("o1").state()).isEqualTo(State.NOT_SENT);
    assertThat(ann.consents.of(ANN).counted()).hasSize(1);
  }

  @Test
  void whatMovesToAnotherChannelCountsThereOnly() {
    ann.policy = limits(Map.of(Channel.EMAIL, 1, Channel.SMS, 1), Map.of(), Map.of());
    ann.outcomes.add(new Outcome.Refused("not today"));
    ann.sendMessage.send(request("o1", "codes", null, Channel.EMAIL, Channel.SMS), NOON);
    assertThat(ann.delivered).hasSize(2);

    ann.sendMessage.send(request("o2", "codes", null, Channel.EMAIL), NOON);
    ann.sendMessage.send(request("o3", "codes", null, Channel.SMS), NOON);

    assertThat(ann.stored("o2").state()).isEqualTo(State.SENT);
    assertThat(ann.stored("o3").state()).isEqualTo(State.NOT_SENT);
  }

  @Test
  void whatIsAboveTheRateGoesTwoMinutesLater() {
    ann.policy = limits(Map.of(), Map.of(), Map.of(Channel.EMAIL, 2));
    ann.left = 0;
    ann.sendMessage.send(request("o1", Channel.EMAIL), NOON);
    assertThat(ann.delivered).isEmpty();
    assertThat(ann.stored("o1").findings().getLast().rule()).isEqualTo(Rule.RATE);

    ann.left = 1;
    ann.tick(NOON.plusSeconds(60));
    assertThat(ann.delivered).isEmpty();
    ann.tick(NOON.plusSeconds(120));
    assertThat(ann.stored("o1").state()).isEqualTo(State.SENT);
  }

  private Policy caps(FrequencyCap... caps) {
    return new Policy(
        ann.policy.zone(),
        new QuietHours(LocalTime.of(21, 0), LocalTime.of(8, 0)),
        List.of(caps),
        ann.policy.transactional(),
        ann.policy.onlyOnceGranted(),
        Map.of(),
        Map.of(),
        Map.of());
  }
}
