package dev.perennial.functions.delivery;

import static dev.perennial.functions.delivery.SendingToAnn.ANN;
import static dev.perennial.functions.delivery.SendingToAnn.EMAIL;
import static dev.perennial.functions.delivery.SendingToAnn.NOON;
import static dev.perennial.functions.delivery.SendingToAnn.byKey;
import static dev.perennial.functions.delivery.SendingToAnn.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.delivery.Address;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.Fence;
import dev.perennial.domain.delivery.Finding.Rule;
import dev.perennial.domain.delivery.Outcome;
import dev.perennial.domain.delivery.Policy;
import dev.perennial.domain.delivery.Send;
import dev.perennial.domain.delivery.Send.State;
import dev.perennial.domain.delivery.SendMessage;
import dev.perennial.domain.delivery.SendRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An address gets a round once, and whoever shares it waits until it is clear who got it. */
class SharedAddressTest {

  private static final Instant LATER = NOON.plusSeconds(240);

  private final SendingToAnn ann = new SendingToAnn();

  /** Another send of the round "o1" that has claimed the address. */
  private final Send holder = claimed();

  private Send claimed() {
    SendRequest asked = request("another", Channel.EMAIL);
    SendRequest sameRound =
        new SendRequest(
            ANN,
            asked.definition(),
            asked.step(),
            "another",
            "o1",
            asked.content(),
            asked.channels(),
            asked.topic(),
            asked.event(),
            asked.data(),
            asked.asked(),
            null,
            true);
    Send send =
        new Send(
            SendMessage.id("main", sameRound),
            sameRound,
            NOON,
            State.CLAIMED,
            1,
            new Address(Address.Kind.EMAIL, EMAIL.value()),
            Set.of(),
            List.of(),
            null,
            null,
            null);
    ann.sends.claim(send, null, new Fence(Map.of(), Set.of(), true));
    return send;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theMessageGoesOnlyWhenTheOtherDidNotGetIt(boolean accepted) {
    assertThat(ann.sendMessage.send(request("o1", Channel.EMAIL), NOON)).isTrue();
    assertThat(ann.delivered).isEmpty();
    assertThat(ann.stored("o1").state()).isEqualTo(State.DEFERRED);
    assertThat(ann.stored("o1").findings().getLast().rule()).isEqualTo(Rule.DUPLICATE);

    ann.sends.settle(holder.after(accepted ? new Outcome.Sent("p1") : new Outcome.Refused("gone")));
    ann.tick(LATER);
    ann.tick(LATER.plusSeconds(240));

    assertThat(ann.delivered).hasSize(accepted ? 0 : 1);
    assertThat(ann.stored("o1").state()).isEqualTo(accepted ? State.NOT_SENT : State.SENT);
    assertThat(ann.timersAreLeft()).isFalse();
  }

  @Test
  void whoeverIsWaitedForIsWoken() {
    ann.sends.settle(holder.after(new Outcome.Retryable("throttled")));
    ann.sendMessage.send(request("o1", Channel.EMAIL), NOON);

    ann.tick(LATER);
    ann.tick(LATER.plusSeconds(240));

    assertThat(ann.delivered).hasSize(1);
    assertThat(ann.sends.find(holder.id()).orElseThrow().state()).isEqualTo(State.SENT);
    assertThat(ann.stored("o1").state()).isEqualTo(State.NOT_SENT);
    assertThat(ann.timersAreLeft()).isFalse();
  }

  @Test
  void whoWaitsSpendsNothingOfTheKeysBudget() {
    ann.policy =
        new Policy(
            ann.policy.zone(),
            null,
            List.of(),
            Set.of(),
            Set.of(),
            Map.of(),
            Map.of(Channel.EMAIL, 5),
            Map.of());
    ann.left = 1;
    ann.sends.settle(holder.after(new Outcome.Retryable("throttled")));
    Stream.generate(() -> new Outcome.Retryable("throttled")).limit(3).forEach(ann.outcomes::add);

    ann.sendMessage.send(byKey("o1", "website"), NOON);
    for (int look = 1; look <= 4; look++) {
      ann.tick(NOON.plusSeconds(240L * look));
    }

    assertThat(ann.stored("o1").state()).isEqualTo(State.SENT);
  }

  @Test
  void whatExpiresSoonIsLookedAtSooner() {
    Instant expiry = NOON.plusSeconds(300);

    ann.sendMessage.send(request("o1", "marketing", expiry, Channel.EMAIL), NOON);

    assertThat(ann.stored("o1").due()).isEqualTo(NOON.plusSeconds(150));
  }
}
