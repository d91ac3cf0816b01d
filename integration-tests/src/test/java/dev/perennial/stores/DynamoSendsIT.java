package dev.perennial.stores;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.aws.dynamodb.DynamoConsents;
import dev.perennial.aws.dynamodb.DynamoPauseSwitch;
import dev.perennial.aws.dynamodb.DynamoSends;
import dev.perennial.aws.dynamodb.DynamoTotals;
import dev.perennial.domain.consent.Consent;
import dev.perennial.domain.consent.Consent.Decision;
import dev.perennial.domain.consent.Consents;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.Fence;
import dev.perennial.domain.delivery.PauseSwitch;
import dev.perennial.domain.delivery.Send;
import dev.perennial.domain.delivery.Sends;
import dev.perennial.domain.profile.Totals;
import dev.perennial.testkit.SendsContract;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@ExtendWith(LocalTables.class)
final class DynamoSendsIT implements SendsContract {

  private final DynamoDbClient dynamo;
  private final DynamoConsents consents;
  private final DynamoPauseSwitch pauses;
  private final Totals totals;
  private final Sends sends;

  DynamoSendsIT(DynamoDbClient dynamo) {
    this.dynamo = dynamo;
    consents = new DynamoConsents(dynamo, "People");
    pauses = new DynamoPauseSwitch(dynamo, "Definitions");
    totals = new DynamoTotals(dynamo, "Definitions");
    sends = new DynamoSends(dynamo, "Sends", consents, "Definitions");
  }

  /** The client; after the first of these calls somebody else comes in between. */
  private DynamoDbClient interrupted(String call, Runnable meanwhile) {
    AtomicBoolean came = new AtomicBoolean();
    return (DynamoDbClient)
        Proxy.newProxyInstance(
            DynamoDbClient.class.getClassLoader(),
            new Class<?>[] {DynamoDbClient.class},
            (_, method, arguments) -> {
              try {
                Object answer = method.invoke(dynamo, arguments);
                if (method.getName().equals(call) && came.compareAndSet(false, true)) {
                  meanwhile.run();
                }
                return answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void whoObjectsWhileTheyAreForgottenIsHeard() {
    Consent grant = new Consent(Channel.EMAIL, "news", Decision.GRANTED, AT, null, null);
    Consent denial =
        new Consent(Channel.EMAIL, "news", Decision.DENIED, AT.plusSeconds(1), null, null);
    consents.save(ANN, Permissions.NONE.with(grant), grant);
    DynamoDbClient meanwhile =
        interrupted("getItem", () -> consents.save(ANN, consents.of(ANN).with(denial), denial));

    new DynamoConsents(meanwhile, "People").forget(ANN);

    assertThat(consents.of(ANN).consents()).containsExactly(denial);
  }

  @Test
  void ofTwoWhoTurnThePauseSwitchAtOnceTheLaterHoldsEverywhere() {
    for (String call : List.of("getItem", "putItem")) {
      DynamoDbClient meanwhile = interrupted(call, () -> pauses.resume(Set.of(Channel.SMS)));

      new DynamoPauseSwitch(meanwhile, "Definitions").pause(Set.of(Channel.SMS));

      PauseSwitch.Position position = pauses.position();
      assertThat(position.paused()).hasSize(call.equals("getItem") ? 1 : 0);
      for (int send = 0; send < 150; send++) {
        assertThat(pauses.position("send " + send)).isEqualTo(position);
      }
      pauses.resume(Set.of(Channel.SMS));
    }
  }

  @Test
  void aFenceIsNotLoweredByWhoeverRaisesALowerOneAtTheSameTime() {
    for (String call : List.of("getItem", "putItem")) {
      Instant high = call.equals("getItem") ? AT : AT.plusSeconds(60);
      DynamoDbClient meanwhile = interrupted(call, () -> pauses.fence(high));

      new DynamoPauseSwitch(meanwhile, "Definitions").fence(high.minusMillis(1));

      assertThat(pauses.position().fencedUntil()).isEqualTo(high);
      for (int send = 0; send < 150; send++) {
        assertThat(pauses.position("send " + send).fencedUntil()).isEqualTo(high);
      }
    }
  }

  @Test
  void pausingGoesThroughAmongManyClaimsAndHoldsOnceItAnswered() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger names = new AtomicInteger();
    AtomicInteger claimed = new AtomicInteger();
    try (ExecutorService crowd = Executors.newFixedThreadPool(8)) {
      List<Future<?>> workers = new ArrayList<>();
      for (int worker = 0; worker < 8; worker++) {
        workers.add(
            crowd.submit(
                () -> {
                  while (!over.get()) {
                    if (claims("s" + names.incrementAndGet())) {
                      claimed.incrementAndGet();
                    }
                  }
                }));
      }
      for (int turn = 0; turn < 3; turn++) {
        pauses.pause(Set.of(Channel.EMAIL));
        assertThat(claims("paused" + turn)).isFalse();
        pauses.resume(Set.of(Channel.EMAIL));
        assertThat(claims("resumed" + turn)).isTrue();
      }
      over.set(true);
      for (Future<?> worker : workers) {
        worker.get();
      }
    }
    assertThat(claimed).hasPositiveValue();
  }

  @Test
  void aSendAndItsDecisionVanishInTheEnd() {
    assertThat(claims("a")).isTrue();

    // The claim of an address in a round that is wider than one occurrence holds for good.
    assertThat(dynamo.scan(request -> request.tableName("Sends")).items())
        .filteredOn(item -> !item.get("sk").s().equals("CLAIM"))
        .hasSize(2)
        .allSatisfy(
            item ->
                assertThat(item.get("ttl").n())
                    .isEqualTo(Long.toString(AT.plus(Send.KEPT).getEpochSecond())));
  }

  /** With nothing asked of anybody, so that claims meet at the pause switch only. */
  private boolean claims(String id) {
    Send send = SendsContract.claimed(id, 1);
    return sends
        .claim(send, null, new Fence(Map.of(), Set.of(), true))
        .equals(new Sends.Claim.Claimed());
  }

  @Override
  public Sends sends() {
    return sends;
  }

  @Override
  public Consents consents() {
    return consents;
  }

  @Override
  public Totals totals() {
    return totals;
  }

  @Override
  public PauseSwitch pauses() {
    return pauses;
  }
}
