package dev.perennial.functions.delivery;

import dev.perennial.domain.consent.Consent;
import dev.perennial.domain.consent.RecordConsent;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.Content;
import dev.perennial.domain.delivery.Links;
import dev.perennial.domain.delivery.Message;
import dev.perennial.domain.delivery.Outcome;
import dev.perennial.domain.delivery.Policy;
import dev.perennial.domain.delivery.RateLimit;
import dev.perennial.domain.delivery.Rendition;
import dev.perennial.domain.delivery.Send;
import dev.perennial.domain.delivery.SendMessage;
import dev.perennial.domain.delivery.SendRequest;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Link;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Seen;
import dev.perennial.domain.profile.Trait;
import dev.perennial.domain.timer.Due;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Text;
import dev.perennial.testkit.InMemoryConsents;
import dev.perennial.testkit.InMemoryPauseSwitch;
import dev.perennial.testkit.InMemoryPeople;
import dev.perennial.testkit.InMemorySends;
import dev.perennial.testkit.InMemoryTimers;
import dev.perennial.testkit.InMemoryTotals;
import dev.perennial.testkit.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sending to somebody with an email address and a phone number, over stores in memory. */
final class SendingToAnn {

  static final Instant NIGHT = Instant.parse("2026-03-01T22:30:00Z");
  static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  static final Identifier USER = new Identifier(Namespace.USER_ID, "42");
  static final Identifier EMAIL = new Identifier(Namespace.EMAIL, "ann@example.com");
  static final Identifier PHONE = new Identifier(Namespace.PHONE, "+4915112345678");
  static final PersonId ANN = USER.hash("main");

  final InMemoryTotals totals = new InMemoryTotals();
  final InMemoryPeople people = new InMemoryPeople("main", totals);
  final InMemoryConsents consents = new InMemoryConsents();
  final InMemoryPauseSwitch pauses = new InMemoryPauseSwitch();
  final InMemorySends sends = new InMemorySends(consents, pauses, totals);
  final InMemoryTimers timers = new InMemoryTimers();
  final List<Message> delivered = new ArrayList<>();
  final List<Event> events = new ArrayList<>();
  final Deque<Outcome> outcomes = new ArrayDeque<>();
  Policy policy = Policy.SHIPPED;

  /** How many more messages may be leased for any limit. */
  int left = 1_000;

  final SendMessage sendMessage =
      new SendMessage(
          "main",
          people,
          consents,
          _ ->
              Optional.of(
                  new Content(
                      "hello",
                      1,
                      Map.of(
                          Channel.EMAIL,
                          new Rendition.Email("Hi {{ event.name }}", null, "Hi"),
                          Channel.SMS,
                          new Rendition.Sms("Hi")))),
          () -> policy,
          pauses,
          new LiquidTemplates(),
          Links.NONE,
          sends,
          timers,
          message -> {
            delivered.add(message);
            return outcomes.isEmpty() ? new Outcome.Sent("p1") : outcomes.pop();
          },
          new RateLimit((_, _, wanted, _) -> left-- > 0 ? wanted : 0),
          _ -> {},
          events::addAll);

  SendingToAnn() {
    know(null);
  }

  void know(@Nullable String zone) {
    Map<String, Trait> traits =
        zone == null ? Map.of() : Map.of(Facet.TIMEZONE, new Trait(new Text(zone), NOON, "m0"));
    Facet facet =
        new Facet(
            USER,
            traits,
            Map.of(),
            Map.of(),
            Map.of(),
            "",
            NOON,
            NOON,
            1,
            true,
            Seen.NOTHING,
            List.of(),
            null);
    Person person =
        new Person(
            ANN,
            people.find(ANN).map(Person::version).orElse(0L),
            Map.of(USER, NOON, EMAIL, NOON, PHONE, NOON),
            Set.of(
                Link.between(USER, EMAIL, Link.Kind.EVENT, Link.Strength.SERVER, NOON, "m1"),
                Link.between(USER, PHONE, Link.Kind.EVENT, Link.Strength.SERVER, NOON, "m2")),
            Map.of(USER, facet),
            Map.of(),
            List.of(),
            null,
            null);
    people.put(person);
  }

  static SendRequest request(String occurrence, Channel... channels) {
    return request(occurrence, "marketing", null, channels);
  }

  static SendRequest request(
      String occurrence, String topic, @Nullable Instant expiresAt, Channel... channels) {
    return new SendRequest(
        ANN,
        "journey:welcome",
        "mail",
        occurrence,
        occurrence,
        "hello",
        List.of(channels),
        topic,
        Samples.event(USER, "m1"),
        Fields.EMPTY,
        NOON,
        expiresAt,
        true);
  }

  static SendRequest byKey(String occurrence, @Nullable String key) {
    SendRequest request = request(occurrence, Channel.EMAIL);
    return new SendRequest(
        request.person(),
        request.definition(),
        request.step(),
        request.occurrence(),
        request.round(),
        request.content(),
        request.channels(),
        request.topic(),
        request.event(),
        request.data(),
        request.asked(),
        request.expiresAt(),
        request.atLeastOnce(),
        key);
  }

  Send stored(String occurrence) {
    return sends.find(SendMessage.id("main", request(occurrence, Channel.EMAIL))).orElseThrow();
  }

  void grant(Channel channel) {
    new RecordConsent("main", consents, _ -> {})
        .record(
            people,
            people.find(ANN).orElseThrow(),
            ANN,
            new Consent(channel, Consent.ALL, Consent.Decision.GRANTED, NOON, null, null));
  }

  /** Lets every timer fire that is due by then. */
  void tick(Instant now) {
    List<Due> due = new ArrayList<>();
    timers.forEachDue(now, due::add);
    due.forEach(timer -> sendMessage.send(timer, now));
  }

  boolean timersAreLeft() {
    return timers.nextDue(Instant.EPOCH, NIGHT.plus(Duration.ofDays(366))).isPresent();
  }
}
