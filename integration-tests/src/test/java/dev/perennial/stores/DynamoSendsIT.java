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
import dev.perennial.domain.delivery.PauseSwitch;
import dev.perennial.domain.delivery.Sends;
import dev.perennial.domain.profile.Totals;
import dev.perennial.testkit.SendsContract;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
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

  /** The client; once something was read by it, somebody else comes in between. */
  private DynamoDbClient interrupted(Runnable meanwhile) {
    AtomicBoolean came = new AtomicBoolean();
    return (DynamoDbClient)
        Proxy.newProxyInstance(
            DynamoDbClient.class.getClassLoader(),
            new Class<?>[] {DynamoDbClient.class},
            (_, method, arguments) -> {
              try {
                Object answer = method.invoke(dynamo, arguments);
                if (method.getName().equals("getItem") && came.compareAndSet(false, true)) {
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
        interrupted(() -> consents.save(ANN, consents.of(ANN).with(denial), denial));

    new DynamoConsents(meanwhile, "People").forget(ANN);

    assertThat(consents.of(ANN).consents()).containsExactly(denial);
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
