package dev.perennial.stores;

import dev.perennial.aws.channels.ChannelClients;
import dev.perennial.aws.dynamodb.DynamoClients;
import dev.perennial.aws.dynamodb.DynamoConsents;
import dev.perennial.aws.dynamodb.DynamoPauseSwitch;
import dev.perennial.aws.dynamodb.DynamoPeople;
import dev.perennial.aws.dynamodb.DynamoSends;
import dev.perennial.aws.dynamodb.DynamoTimers;
import dev.perennial.aws.dynamodb.DynamoTotals;
import dev.perennial.domain.Publisher;
import dev.perennial.domain.consent.Consent;
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
import dev.perennial.domain.delivery.Sends;
import dev.perennial.domain.delivery.Templates;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.ProfileChange;
import dev.perennial.domain.timer.Due;
import dev.perennial.domain.timer.Timers;
import dev.perennial.domain.value.Value.Fields;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * A process that sends messages over DynamoDB, SES and Pinpoint, and then halts while each of them
 * stands before another of its calls: no handler, no finally, nothing is flushed. What is called
 * next is not called; before it is the same as after the call before.
 */
final class DyingSender {

  /** Exit code. */
  static final int HALTED = 9;

  private static final Content CONTENT =
      new Content(
          "hello",
          1,
          Map.of(
              Channel.EMAIL,
              new Rendition.Email("Hi", null, "Hi"),
              Channel.SMS,
              new Rendition.Sms("Hi"),
              Channel.PUSH,
              new Rendition.Push("Hi", "Hi", null, null, Fields.EMPTY)));

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

  /** What is called before each call of a port. */
  @FunctionalInterface
  interface Watch {
    Watch NONE = () -> {};

    void call();
  }

  private final DynamoPeople people;
  private final DynamoConsents consents;
  private final DynamoSends sends;
  private final DynamoTimers timers;
  private final DynamoPauseSwitch pauses;
  private final ChannelSender sender;
  private final Publisher<ProfileChange> changes;
  private final Publisher<Event> events;

  /**
   * @param provider answers as SES and Pinpoint do, and is told of people and events by their ids
   */
  DyingSender(DynamoDbClient dynamo, String provider) {
    DynamoTotals totals = new DynamoTotals(dynamo, "Definitions");
    people = new DynamoPeople(dynamo, "People", totals, "main");
    consents = new DynamoConsents(dynamo, "People");
    sends = new DynamoSends(dynamo, "Sends", consents, "Definitions");
    timers = new DynamoTimers(dynamo, "Timers");
    pauses = new DynamoPauseSwitch(dynamo, "Definitions");
    sender =
        ChannelClients.open(
            Map.of(
                "AWS_ENDPOINT_URL",
                provider,
                "EMAIL_FROM",
                "hello@example.com",
                "PINPOINT_APPLICATION_ID",
                "app"));
    HttpClient http = HttpClient.newHttpClient();
    changes = news -> post(http, provider, news.stream().map(one -> one.person().value()));
    events = news -> post(http, provider, news.stream().map(Event::messageId));
  }

  private static void post(HttpClient http, String url, Stream<String> words) {
    try {
      http.send(
          HttpRequest.newBuilder(URI.create(url))
              .POST(BodyPublishers.ofString(String.join(" ", words.toList())))
              .build(),
          BodyHandlers.discarding());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Arguments: DynamoDB's endpoint, the provider's, the course. Prints each passage's death. */
  public static void main(String[] arguments) throws InterruptedException {
    DyingSender process =
        new DyingSender(DynamoClients.open(Map.of("AWS_ENDPOINT_URL", arguments[0])), arguments[1]);
    Course course = Course.valueOf(arguments[2]);
    int deaths = 0;
    for (boolean objects : new boolean[] {false, true}) {
      deaths = 0;
      while (process.dies(new Passage(course, deaths, objects))) {
        deaths++;
      }
    }
    System.out.println(deaths);
    System.out.flush();
    Runtime.getRuntime().halt(HALTED);
  }

  /** Whether the passage reaches its fatal call; else it ends, and nobody is told. */
  private boolean dies(Passage passage) throws InterruptedException {
    prepare(passage);
    Semaphore stopped = new Semaphore(0);
    AtomicBoolean ended = new AtomicBoolean();
    int[] left = {passage.death()};
    Watch watch =
        () -> {
          if (left[0]-- == 0) {
            stopped.release();
            while (true) {
              LockSupport.park();
            }
          }
        };
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                deliver(passage, watch);
                ended.set(true);
              } finally {
                stopped.release();
              }
            });
    stopped.acquire();
    return !ended.get();
  }

  private void prepare(Passage passage) {
    people.save(passage.founding());
    if (passage.course().channels().contains(Channel.SMS)) {
      Consent grant =
          new Consent(
              Channel.SMS, "marketing", Consent.Decision.GRANTED, Passage.NIGHT, "consent", "form");
      consents.save(passage.person().id(), consents.of(passage.person().id()).with(grant));
    }
  }

  /** As a queue does it, and then as its timer does. */
  private void deliver(Passage passage, Watch watch) {
    SendMessage sendMessage = sendMessage(watch);
    receive(sendMessage, passage, Duration.ZERO);
    sends
        .find(passage.id())
        .map(send -> send.due())
        .ifPresent(
            due ->
                sendMessage.send(
                    Due.ofSend(passage.person().id(), passage.id(), due), Passage.NOW));
  }

  static void receive(SendMessage sendMessage, Passage passage, Duration afterwards) {
    Instant now = passage.asked().plus(afterwards);
    for (int receives = 0; !sendMessage.send(passage.request(), now); receives++) {
      if (receives == 5) {
        throw new IllegalStateException(passage + " is asked for again and again");
      }
    }
  }

  SendMessage sendMessage(Watch watch) {
    return new SendMessage(
        "main",
        around(People.class, people, watch),
        around(Consents.class, consents, watch),
        _ -> Optional.of(CONTENT),
        () -> Policy.SHIPPED,
        around(PauseSwitch.class, pauses, watch),
        PLAIN,
        Links.NONE,
        around(Sends.class, sends, watch),
        around(Timers.class, timers, watch),
        around(ChannelSender.class, sender, watch),
        new RateLimit((_, _, wanted, _) -> wanted),
        around(changes, watch),
        around(events, watch));
  }

  private static <T> Publisher<T> around(Publisher<T> target, Watch watch) {
    return (Collection<? extends T> news) -> {
      watch.call();
      target.publish(news);
    };
  }

  private static <T> T around(Class<T> port, T target, Watch watch) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (_, method, arguments) -> {
              watch.call();
              try {
                return method.invoke(target, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
