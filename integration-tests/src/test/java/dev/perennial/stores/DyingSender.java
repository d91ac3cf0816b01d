package dev.perennial.stores;

import dev.perennial.aws.channels.ChannelClients;
import dev.perennial.aws.dynamodb.DynamoClients;
import dev.perennial.aws.dynamodb.DynamoConsents;
import dev.perennial.aws.dynamodb.DynamoPauseSwitch;
import dev.perennial.aws.dynamodb.DynamoPeople;
import dev.perennial.aws.dynamodb.DynamoSends;
import dev.perennial.aws.dynamodb.DynamoTimers;
import dev.perennial.aws.dynamodb.DynamoTotals;
import dev.perennial.domain.consent.Consents;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.ChannelSender;
import dev.perennial.domain.delivery.Content;
import dev.perennial.domain.delivery.Links;
import dev.perennial.domain.delivery.PauseSwitch;
import dev.perennial.domain.delivery.Policy;
import dev.perennial.domain.delivery.RateLimit;
import dev.perennial.domain.delivery.Rendition;
import dev.perennial.domain.delivery.SendMessage;
import dev.perennial.domain.delivery.SendRequest;
import dev.perennial.domain.delivery.Sends;
import dev.perennial.domain.delivery.Templates;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.timer.Timers;
import dev.perennial.domain.value.Value.Fields;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A process that sends one message over DynamoDB and SES, and that may halt before or after one of
 * its calls: no handler, no finally, nothing is flushed.
 */
final class DyingSender {

  static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
  static final Identifier EMAIL = new Identifier(Namespace.EMAIL, "ann@example.com");

  /** Exit codes. */
  static final int HALTED = 9;

  static final int NOT_ACCEPTED = 3;

  private static final Templates PLAIN =
      new Templates() {
        @Override
        public List<Flaw> check(Rendition template) {
          return List.of();
        }

        @Override
        public Rendering render(Rendition template, Fields variables) {
          return new Rendering.Rendered(template);
        }
      };

  private final int victim;
  private final boolean before;
  private int calls;

  private DyingSender(int victim, boolean before) {
    this.victim = victim;
    this.before = before;
  }

  /** Arguments: DynamoDB's endpoint, the provider's, the occurrence, the fatal call, the moment. */
  public static void main(String[] arguments) {
    DyingSender sender =
        new DyingSender(Integer.parseInt(arguments[3]), arguments[4].equals("before"));
    boolean accepted =
        sender.sendMessage(arguments[0], arguments[1]).send(request(arguments[2]), NOW);
    System.out.println("calls " + sender.calls);
    System.exit(accepted ? 0 : NOT_ACCEPTED);
  }

  static SendRequest request(String occurrence) {
    return new SendRequest(
        EMAIL.hash("main"),
        "journey:hello",
        "mail",
        occurrence,
        "hello",
        List.of(Channel.EMAIL),
        "marketing",
        null);
  }

  private SendMessage sendMessage(String dynamoDb, String provider) {
    var dynamo = DynamoClients.open(Map.of("AWS_ENDPOINT_URL", dynamoDb));
    DynamoConsents consents = new DynamoConsents(dynamo, "People");
    DynamoPauseSwitch pauses = new DynamoPauseSwitch(dynamo, "Definitions");
    DynamoTotals totals = new DynamoTotals(dynamo, "Definitions");
    Content content =
        new Content("hello", 1, Map.of(Channel.EMAIL, new Rendition.Email("Hi", null, "Hi")));
    return new SendMessage(
        "main",
        around(People.class, new DynamoPeople(dynamo, "People", totals, "main")),
        around(Consents.class, consents),
        _ -> Optional.of(content),
        () -> Policy.SHIPPED,
        around(PauseSwitch.class, pauses),
        PLAIN,
        Links.NONE,
        around(Sends.class, new DynamoSends(dynamo, "Sends", consents, "Definitions")),
        around(Timers.class, new DynamoTimers(dynamo, "Timers")),
        around(
            ChannelSender.class,
            ChannelClients.open(
                Map.of("AWS_ENDPOINT_URL", provider, "EMAIL_FROM", "hello@example.com"))),
        new RateLimit((_, _, wanted, _) -> wanted),
        _ -> {},
        _ -> {});
  }

  private <T> T around(Class<T> port, T target) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (_, method, arguments) -> {
              haltIf(true);
              try {
                Object answer = method.invoke(target, arguments);
                haltIf(false);
                return answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              } finally {
                calls++;
              }
            }));
  }

  private void haltIf(boolean moment) {
    if (calls == victim && before == moment) {
      Runtime.getRuntime().halt(HALTED);
    }
  }
}
