package dev.perennial.functions.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.consent.Block;
import dev.perennial.domain.consent.Consent;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.consent.RecordConsent;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.Content;
import dev.perennial.domain.delivery.ExplainSends;
import dev.perennial.domain.delivery.Finding;
import dev.perennial.domain.delivery.Finding.Rule;
import dev.perennial.domain.delivery.FrequencyCap;
import dev.perennial.domain.delivery.Links;
import dev.perennial.domain.delivery.Message;
import dev.perennial.domain.delivery.Outcome;
import dev.perennial.domain.delivery.Policy;
import dev.perennial.domain.delivery.QuietHours;
import dev.perennial.domain.delivery.RateLimit;
import dev.perennial.domain.delivery.Receipt;
import dev.perennial.domain.delivery.Rendition;
import dev.perennial.domain.delivery.Send;
import dev.perennial.domain.delivery.Send.State;
import dev.perennial.domain.delivery.SendMessage;
import dev.perennial.domain.delivery.SendRequest;
import dev.perennial.domain.delivery.Visit;
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
import java.time.LocalTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What waits, what is limited, what goes another way. */
class SendLaterTest {

  private static final Instant NIGHT = Instant.parse("2026-03-01T22:30:00Z");
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final Identifier USER = new Identifier(Namespace.USER_ID, "42");
  private static final Identifier EMAIL = new Identifier(Namespace.EMAIL, "ann@example.com");
  private static final Identifier PHONE = new Identifier(Namespace.PHONE, "+4915112345678");
  private static final PersonId ANN = USER.hash("main");

  private final InMemoryTotals totals = new InMemoryTotals();
  private final InMemoryPeople people = new InMemoryPeople("main", totals);
  private final InMemoryConsents consents = new InMemoryConsents();
  private final InMemoryPauseSwitch pauses = new InMemoryPauseSwitch();
  private final InMemorySends sends = new InMemorySends(consents, pauses, totals);
  private final InMemoryTimers timers = new InMemoryTimers();
  private final List<Message> delivered = new ArrayList<>();
  private final List<Event> events = new ArrayList<>();
  private final Deque<Outcome> outcomes = new ArrayDeque<>();
  private Policy policy = Policy.SHIPPED;
  private int left = 1_000;
  private final SendMessage sendMessage =
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

  @BeforeEach
  void know() {
    know(null);
  }

  private void know(@Nullable String zone) {
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

  private static SendRequest request(String occurrence, Channel... channels) {
    return request(occurrence, "marketing", null, channels);
  }

  private static SendRequest request(
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

  private Send stored(String occurrence) {
    return sends.find(SendMessage.id("main", request(occurrence, Channel.EMAIL))).orElseThrow();
  }

  private void grant(Channel channel) {
    new RecordConsent("main", consents, _ -> {})
        .record(
            people.find(ANN).orElseThrow(),
            ANN,
            new Consent(channel, Consent.ALL, Consent.Decision.GRANTED, NOON, null, null));
  }

  /** Lets every timer fire that is due by then. */
  private void tick(Instant now) {
    List<Due> due = new ArrayList<>();
    timers.forEachDue(now, due::add);
    due.forEach(timer -> sendMessage.send(timer, now));
  }

  private boolean timersAreLeft() {
    return timers.nextDue(Instant.EPOCH, NIGHT.plus(Duration.ofDays(366))).isPresent();
  }

  @Test
  void atNightItWaitsForTheMorningWithItsEvent() {
    assertThat(sendMessage.send(request("o1", Channel.EMAIL), NIGHT)).isTrue();

    Instant morning = Instant.parse("2026-03-02T08:00:00Z");
    assertThat(delivered).isEmpty();
    assertThat(stored("o1").state()).isEqualTo(State.DEFERRED);
    assertThat(stored("o1").due()).isEqualTo(morning);
    assertThat(stored("o1").findings().getLast())
        .isEqualTo(
            new Finding(
                Channel.EMAIL,
                Rule.QUIET_HOURS,
                false,
                "22:30 in UTC, the workspace's zone, as theirs is unknown; quiet until "
                    + morning));
    assertThat(ExplainSends.explain(stored("o1")))
        .startsWith("\"hello\" waits until 2026-03-02T08:00:00Z, because of email: quiet hours");

    tick(morning.minusSeconds(60));
    assertThat(delivered).isEmpty();
    tick(morning);
    tick(morning);
    assertThat(delivered).hasSize(1);
    assertThat(((Rendition.Email) delivered.getFirst().rendition()).subject())
        .isEqualTo("Hi Order Completed");
    assertThat(stored("o1").state()).isEqualTo(State.SENT);
    assertThat(timersAreLeft()).isFalse();
  }

  @Test
  void theirOwnZoneCounts() {
    know("Asia/Tokyo");
    sendMessage.send(request("o1", Channel.EMAIL), NIGHT.minus(Duration.ofHours(9)));
    assertThat(stored("o1").state()).isEqualTo(State.DEFERRED);

    know("Nowhere/Land");
    sendMessage.send(request("o2", Channel.EMAIL), NOON);
    assertThat(stored("o2").state()).isEqualTo(State.SENT);
  }

  @Test
  void transactionalMessagesGoAtNightAndAboveCaps() {
    policy = caps(new FrequencyCap(null, null, FrequencyCap.Period.DAY, 0));

    sendMessage.send(request("o1", Policy.TRANSACTIONAL, null, Channel.EMAIL), NIGHT);
    sendMessage.send(request("o2", Channel.EMAIL), NIGHT);

    assertThat(delivered).hasSize(1);
    assertThat(stored("o2").state()).isEqualTo(State.NOT_SENT);
    assertThat(stored("o2").findings().getLast())
        .isEqualTo(
            new Finding(Channel.EMAIL, Rule.FREQUENCY_CAP, false, "0 of at most 0 this day"));
  }

  @Test
  void aCapThatIsReachedLeavesTheNextChannel() {
    policy = caps(new FrequencyCap(Channel.EMAIL, null, FrequencyCap.Period.WEEK, 2));
    grant(Channel.SMS);

    for (int i = 1; i <= 4; i++) {
      sendMessage.send(request("o" + i, Channel.EMAIL, Channel.SMS), NOON.plusSeconds(i));
    }

    assertThat(delivered)
        .extracting(message -> message.to().channel())
        .containsExactly(Channel.EMAIL, Channel.EMAIL, Channel.SMS, Channel.SMS);
    Instant monday = Instant.parse("2026-03-02T09:00:00Z");
    sendMessage.send(request("o5", Channel.EMAIL), monday);
    assertThat(stored("o5").state()).isEqualTo(State.SENT);
  }

  @Test
  void aPausedChannelGivesWayAndElseHolds() {
    pauses.pause(Set.of(Channel.EMAIL));
    grant(Channel.SMS);
    sendMessage.send(request("o1", Channel.EMAIL, Channel.SMS), NOON);
    sendMessage.send(request("o2", Channel.EMAIL), NOON);
    assertThat(delivered).extracting(one -> one.to().channel()).containsExactly(Channel.SMS);
    assertThat(stored("o2").state()).isEqualTo(State.DEFERRED);

    tick(NOON.plus(Duration.ofMinutes(10)));
    assertThat(delivered).hasSize(1);
    pauses.resume(Set.of(Channel.EMAIL));
    tick(NOON.plus(Duration.ofMinutes(20)));
    assertThat(delivered).hasSize(2);
    assertThat(timersAreLeft()).isFalse();
  }

  @Test
  void whatExpiresSoonGoesOnceSendingIsResumedInTime() {
    Instant expiry = NOON.plus(Duration.ofMinutes(5));
    pauses.pause(Set.of(Channel.EMAIL));
    sendMessage.send(request("o1", "transactional", expiry, Channel.EMAIL), NOON);
    sendMessage.send(request("o2", "transactional", expiry.minusSeconds(90), Channel.EMAIL), NOON);
    pauses.resume(Set.of(Channel.EMAIL));

    tick(NOON.plus(Duration.ofMinutes(3)));

    assertThat(stored("o1").state()).isEqualTo(State.SENT);
    assertThat(stored("o2").state()).isEqualTo(State.SENT);

    pauses.pause(Set.of(Channel.EMAIL));
    sendMessage.send(request("o3", "transactional", expiry, Channel.EMAIL), NOON);
    tick(NOON.plus(Duration.ofMinutes(3)));
    tick(NOON.plus(Duration.ofMinutes(6)));
    assertThat(stored("o3").findings().getFirst().fact()).isEqualTo("expired at " + expiry);
    assertThat(timersAreLeft()).isFalse();
  }

  @Test
  void whoseClockIsBehindGoesByTheTimer() {
    sendMessage.send(request("o1", Channel.EMAIL), NIGHT);
    Instant morning = Instant.parse("2026-03-02T08:00:00Z");
    List<Due> due = new ArrayList<>();
    timers.forEachDue(morning, due::add);

    assertThat(sendMessage.send(due.getFirst(), morning.minusMillis(10))).isTrue();

    assertThat(stored("o1").state()).isEqualTo(State.SENT);
    assertThat(timersAreLeft()).isFalse();
  }

  @Test
  void staleNewsIsNotSent() {
    Instant expiry = NOON.plus(Duration.ofMinutes(15));
    pauses.pause(Set.of(Channel.EMAIL));
    sendMessage.send(request("o1", "marketing", expiry, Channel.EMAIL), NOON);
    pauses.resume(Set.of(Channel.EMAIL));
    tick(expiry);
    assertThat(stored("o1").state()).isEqualTo(State.NOT_SENT);
    assertThat(stored("o1").findings().getFirst().rule()).isEqualTo(Rule.EXPIRY);

    sendMessage.send(request("o2", "marketing", NIGHT.plusSeconds(60), Channel.EMAIL), NIGHT);
    assertThat(stored("o2").state()).isEqualTo(State.NOT_SENT);
    assertThat(delivered).isEmpty();
  }

  @Test
  void whatIsRefusedForGoodGoesTheNextWay() {
    grant(Channel.SMS);
    outcomes.add(new Outcome.Refused("no such mailbox"));

    assertThat(sendMessage.send(request("o1", Channel.EMAIL, Channel.SMS), NOON)).isTrue();

    assertThat(delivered)
        .extracting(message -> message.to().channel())
        .containsExactly(Channel.EMAIL, Channel.SMS);
    assertThat(stored("o1").state()).isEqualTo(State.SENT);
    assertThat(stored("o1").refused()).containsExactly(Channel.EMAIL);

    outcomes.add(new Outcome.Refused("no such mailbox"));
    sendMessage.send(request("o2", Channel.EMAIL), NOON);
    assertThat(stored("o2").state()).isEqualTo(State.REFUSED);
  }

  @Test
  void doubtGoesNoOtherWay() {
    grant(Channel.SMS);
    outcomes.add(new Outcome.Unknown("timeout"));

    sendMessage.send(request("o1", Channel.EMAIL, Channel.SMS), NOON);
    sendMessage.send(request("o1", Channel.EMAIL, Channel.SMS), NOON);

    assertThat(delivered).hasSize(1);
    assertThat(stored("o1").state()).isEqualTo(State.UNKNOWN);
  }

  @Test
  void onlyTransactionalMessagesMayGoTwice() {
    outcomes.add(new Outcome.Unknown("timeout"));
    SendRequest receipt = request("o1", Policy.TRANSACTIONAL, null, Channel.EMAIL);

    assertThat(sendMessage.send(receipt, NOON)).isFalse();
    assertThat(sendMessage.send(receipt, NOON)).isTrue();

    assertThat(delivered).hasSize(2);
    assertThat(stored("o1").state()).isEqualTo(State.SENT);
  }

  @Test
  void aProviderThatAcceptsNothingIsLeftAloneForAWhile() {
    Outcome throttled = new Outcome.Retryable("throttled");
    for (int i = 1; i <= 4; i++) {
      outcomes.add(throttled);
    }
    for (int i = 1; i <= 3; i++) {
      assertThat(sendMessage.send(request("o1", Channel.EMAIL), NOON)).isFalse();
    }
    assertThat(sendMessage.send(request("o1", Channel.EMAIL), NOON)).isTrue();
    assertThat(stored("o1").state()).isEqualTo(State.DEFERRED);

    tick(NOON.plus(Duration.ofMinutes(6)));
    assertThat(stored("o1").state()).isEqualTo(State.SENT);
    assertThat(stored("o1").attempts()).isEqualTo(5);
  }

  @Test
  void aBlockedAddressGetsNothingWhateverIsAllowed() {
    grant(Channel.EMAIL);
    PersonId key = EMAIL.hash("main");
    consents.save(key, consents.of(key).with(new Block(Block.Reason.COMPLAINT, NOON)));

    sendMessage.send(request("o1", Policy.TRANSACTIONAL, null, Channel.EMAIL), NOON);

    assertThat(delivered).isEmpty();
    assertThat(stored("o1").findings().getLast())
        .isEqualTo(new Finding(Channel.EMAIL, Rule.SUPPRESSION, false, "complaint at " + NOON));
  }

  @Test
  void oneNumberGetsNoMoreThanAnybodyWouldWant() {
    grant(Channel.SMS);
    for (int i = 1; i <= 11; i++) {
      sendMessage.send(
          request("o" + i, Policy.TRANSACTIONAL, null, Channel.SMS), NOON.plusSeconds(i));
    }
    assertThat(delivered).isEmpty();

    policy = limits(Map.of(Channel.SMS, 3), Map.of(), Map.of());
    for (int i = 1; i <= 5; i++) {
      sendMessage.send(request("c" + i, "codes", null, Channel.SMS), NOON.plusSeconds(i));
    }
    assertThat(delivered).hasSize(3);
    assertThat(stored("c4").findings().getLast().rule()).isEqualTo(Rule.PUMPING);
    sendMessage.send(request("c6", "codes", null, Channel.SMS), NOON.plus(Duration.ofHours(25)));
    assertThat(delivered).hasSize(4);
  }

  private Policy limits(
      Map<Channel, Integer> perAddressPerDay,
      Map<Channel, Integer> perWriteKeyPerHour,
      Map<Channel, Integer> perSecond) {
    return new Policy(
        policy.zone(),
        null,
        List.of(),
        Set.of("codes"),
        Set.of(),
        perAddressPerDay,
        perWriteKeyPerHour,
        perSecond);
  }

  @Test
  void aNumberConfirmsBeforeItGetsMarketing() {
    RecordConsent record = new RecordConsent("main", consents, _ -> {});
    Person ann = people.find(ANN).orElseThrow();
    Consent form =
        new Consent(
            Channel.SMS, Policy.TRANSACTIONAL, Consent.Decision.GRANTED, NOON, "consent", "form");
    record.record(ann, ANN, form);
    sendMessage.send(request("confirm", Policy.TRANSACTIONAL, null, Channel.SMS), NOON);
    assertThat(delivered).hasSize(1);
    sendMessage.send(request("o1", Channel.SMS), NOON);
    assertThat(stored("o1").findings().getLast())
        .isEqualTo(new Finding(Channel.SMS, Rule.CONSENT, false, "unknown"));

    Consent link =
        new Consent(
            Channel.SMS, "marketing", Consent.Decision.GRANTED, NOON, "consent", "double opt-in");
    record.record(ann, ANN, link);
    sendMessage.send(request("o2", Channel.SMS), NOON);

    assertThat(delivered).hasSize(2);
    assertThat(stored("o2").findings().getLast().fact()).contains("segments: 1");
  }

  @Test
  void noMailboxIsFilled() {
    policy = limits(Map.of(Channel.EMAIL, 2), Map.of(), Map.of());
    for (int i = 1; i <= 3; i++) {
      sendMessage.send(request("o" + i, "codes", null, Channel.EMAIL), NOON.plusSeconds(i));
    }

    assertThat(delivered).hasSize(2);
    assertThat(ExplainSends.explain(stored("o3"))).contains("2 to this address in 24 hours");
    PersonId address = EMAIL.hash("main");
    sendMessage.send(request("o4", "codes", null, Channel.EMAIL), NOON.plus(Duration.ofHours(25)));
    assertThat(consents.of(address).counted()).hasSize(1);
  }

  @Test
  void whatOneWriteKeyStartsBeyondItsLimitWaitsForTheNextHour() {
    policy = limits(Map.of(), Map.of(Channel.EMAIL, 5), Map.of());
    left = 2;
    for (int i = 1; i <= 3; i++) {
      sendMessage.send(byKey("o" + i, "website"), NOON);
    }
    sendMessage.send(byKey("o4", null), NOON);

    assertThat(delivered).hasSize(3);
    assertThat(stored("o3").due()).isEqualTo(NOON.plus(Duration.ofHours(1)));
    assertThat(stored("o3").findings().getLast())
        .isEqualTo(
            new Finding(
                Channel.EMAIL,
                Rule.PUMPING,
                false,
                "at most 5 an hour by events of the key website"));
  }

  private static SendRequest byKey(String occurrence, @Nullable String key) {
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

  @Test
  void aMessageSpendsOfItsKeysBudgetOnceHoweverOftenItIsTried() {
    policy = limits(Map.of(), Map.of(Channel.EMAIL, 20), Map.of());
    left = 1;
    outcomes.add(new Outcome.Retryable("throttled"));
    outcomes.add(new Outcome.Retryable("throttled"));
    for (int i = 0; i < 2; i++) {
      assertThat(sendMessage.send(byKey("o1", "website"), NOON)).isFalse();
    }
    assertThat(sendMessage.send(byKey("o1", "website"), NOON)).isTrue();
    assertThat(stored("o1").attempts()).isEqualTo(3);

    // A lease is of one message here: nothing is left.
    sendMessage.send(byKey("o2", "website"), NOON);
    assertThat(stored("o2").state()).isEqualTo(State.DEFERRED);
  }

  @Test
  void aMessageThatWaitsForItsProviderSpendsNothing() {
    policy = limits(Map.of(), Map.of(Channel.EMAIL, 20), Map.of(Channel.EMAIL, 1));
    left = 1;
    sendMessage.send(byKey("o1", "website"), NOON);
    assertThat(stored("o1").findings().getLast().rule()).isEqualTo(Rule.RATE);

    left = 1;
    tick(NOON.plusSeconds(120));
    assertThat(stored("o1").state()).isEqualTo(State.SENT);
  }

  @Test
  void whatNobodyAcceptedCountsTowardNoLimit() {
    policy = caps(new FrequencyCap(null, null, FrequencyCap.Period.DAY, 1));
    outcomes.add(new Outcome.Refused("no such mailbox"));
    sendMessage.send(request("o1", Channel.EMAIL), NOON);
    assertThat(stored("o1").state()).isEqualTo(State.REFUSED);
    assertThat(stored("o1").detail()).isEqualTo("no such mailbox");
    assertThat(totals.read(List.of("sends.email.refused"))).containsValue(1L);
    for (int i = 0; i < 4; i++) {
      outcomes.add(new Outcome.Retryable("throttled"));
      sendMessage.send(request("o2", Channel.EMAIL), NOON.plusSeconds(1));
    }
    assertThat(stored("o2").state()).isEqualTo(State.DEFERRED);

    sendMessage.send(request("o3", Channel.EMAIL), NOON.plusSeconds(2));
    assertThat(stored("o3").state()).isEqualTo(State.SENT);
    assertThat(consents.of(ANN).counted()).hasSize(1);

    sendMessage.send(request("o4", Channel.EMAIL), NOON.plusSeconds(3));
    assertThat(stored("o4").state()).isEqualTo(State.NOT_SENT);
  }

  @Test
  void whatWasNotAcceptedAndThenWaitsForTheRateCountsTowardNoLimit() {
    policy =
        new Policy(
            policy.zone(),
            null,
            List.of(new FrequencyCap(null, null, FrequencyCap.Period.DAY, 1)),
            Set.of(),
            Set.of(),
            Map.of(),
            Map.of(),
            Map.of(Channel.EMAIL, 1));
    Instant expiry = NOON.plus(Duration.ofMinutes(5));
    SendRequest stale = request("o1", "marketing", expiry, Channel.EMAIL);
    outcomes.add(new Outcome.Retryable("throttled"));
    left = 1;
    assertThat(sendMessage.send(stale, NOON)).isFalse();
    assertThat(consents.of(ANN).counted()).hasSize(1);
    assertThat(sendMessage.send(stale, NOON)).isTrue();
    assertThat(stored("o1").state()).isEqualTo(State.DEFERRED);
    assertThat(consents.of(ANN).counted()).isEmpty();

    left = 1;
    sendMessage.send(request("o2", Channel.EMAIL), NOON.plusSeconds(10));
    assertThat(stored("o2").state()).isEqualTo(State.SENT);
    tick(expiry);
    assertThat(stored("o1").state()).isEqualTo(State.NOT_SENT);
    assertThat(consents.of(ANN).counted()).hasSize(1);
  }

  @Test
  void whatMayHaveGoneIsNeverSaidNotToHaveGone() {
    Instant expiry = NOON.plus(Duration.ofMinutes(5));
    SendRequest expiring = request("o1", Policy.TRANSACTIONAL, expiry, Channel.EMAIL);
    outcomes.add(new Outcome.Unknown("timeout"));
    assertThat(sendMessage.send(expiring, NOON)).isFalse();
    assertThat(sendMessage.send(expiring, expiry)).isTrue();
    assertThat(sendMessage.send(expiring, expiry)).isTrue();

    assertThat(delivered).hasSize(1);
    assertThat(stored("o1").state()).isEqualTo(State.UNKNOWN);
    assertThat(ExplainSends.explain(stored("o1")))
        .isEqualTo(
            "\"hello\" may have gone by email, and is not sent again, because of timeout; "
                + "email: the news is stale (expired at 2026-03-01T12:05:00Z).");
    assertThat(totals.read(List.of("sends.email.unknown", "sends.email.notSent")))
        .isEqualTo(Map.of("sends.email.unknown", 1L, "sends.email.notSent", 0L));
  }

  @Test
  void whatMayHaveGoneAndThenWaitsAndIsDeniedStaysUnknown() {
    SendRequest receipt = request("o1", Policy.TRANSACTIONAL, null, Channel.EMAIL);
    outcomes.add(new Outcome.Unknown("timeout"));
    outcomes.add(new Outcome.Retryable("throttled"));
    assertThat(sendMessage.send(receipt, NOON)).isFalse();
    assertThat(sendMessage.send(receipt, NOON)).isFalse();
    pauses.pause(Set.of(Channel.EMAIL));
    assertThat(sendMessage.send(receipt, NOON)).isTrue();
    assertThat(stored("o1").state()).isEqualTo(State.DEFERRED);
    PersonId address = EMAIL.hash("main");
    assertThat(consents.of(address).counted()).hasSize(1);

    consents.save(address, consents.of(address).with(new Block(Block.Reason.COMPLAINT, NOON)));
    tick(NOON.plus(Duration.ofMinutes(11)));

    assertThat(delivered).hasSize(2);
    assertThat(stored("o1").state()).isEqualTo(State.UNKNOWN);
    assertThat(ExplainSends.explain(stored("o1")))
        .startsWith(
            "\"hello\" may have gone by email, and is not sent again, because of email: a blo");
    assertThat(timersAreLeft()).isFalse();
  }

  @Test
  void whatMovesToAnotherChannelCountsThereOnly() {
    policy = limits(Map.of(Channel.EMAIL, 1, Channel.SMS, 1), Map.of(), Map.of());
    outcomes.add(new Outcome.Refused("not today"));
    sendMessage.send(request("o1", "codes", null, Channel.EMAIL, Channel.SMS), NOON);
    assertThat(delivered).hasSize(2);

    sendMessage.send(request("o2", "codes", null, Channel.EMAIL), NOON);
    sendMessage.send(request("o3", "codes", null, Channel.SMS), NOON);

    assertThat(stored("o2").state()).isEqualTo(State.SENT);
    assertThat(stored("o3").state()).isEqualTo(State.NOT_SENT);
  }

  @Test
  void whatWasVisitedHasArrivedAndDoesNotGoAgain() {
    outcomes.add(new Outcome.Unknown("timeout"));
    SendRequest receipt = request("o1", Policy.TRANSACTIONAL, null, Channel.EMAIL);
    assertThat(sendMessage.send(receipt, NOON)).isFalse();
    sends.visit(stored("o1").id(), new Visit("", NOON.plusSeconds(30)));
    timers.register(Due.ofSend(ANN, stored("o1").id(), NOON.plusSeconds(31)));

    tick(NOON.plusSeconds(60));
    assertThat(sendMessage.send(receipt, NOON.plusSeconds(61))).isTrue();

    assertThat(delivered).hasSize(1);
    assertThat(stored("o1").state()).isEqualTo(State.SENT);
    assertThat(events).extracting(Event::name).containsExactly("Email Opened");
  }

  @Test
  void whatIsAboveTheRateGoesTwoMinutesLater() {
    policy = limits(Map.of(), Map.of(), Map.of(Channel.EMAIL, 2));
    left = 0;
    sendMessage.send(request("o1", Channel.EMAIL), NOON);
    assertThat(delivered).isEmpty();
    assertThat(stored("o1").findings().getLast().rule()).isEqualTo(Rule.RATE);

    left = 1;
    tick(NOON.plusSeconds(60));
    assertThat(delivered).isEmpty();
    tick(NOON.plusSeconds(120));
    assertThat(stored("o1").state()).isEqualTo(State.SENT);
  }

  @Test
  void anObjectionToAllTopicsHoldsUntilALaterGrant() {
    RecordConsent record = new RecordConsent("main", consents, _ -> {});
    Person ann = people.find(ANN).orElseThrow();
    record.record(
        ann,
        ANN,
        new Consent(Channel.EMAIL, Consent.ALL, Consent.Decision.DENIED, NOON, null, null));
    sendMessage.send(request("o1", "news", null, Channel.EMAIL), NOON);
    assertThat(stored("o1").state()).isEqualTo(State.NOT_SENT);

    record.record(
        ann,
        ANN,
        new Consent(
            Channel.EMAIL, "news", Consent.Decision.GRANTED, NOON.plusSeconds(1), null, null));
    sendMessage.send(request("o2", "news", null, Channel.EMAIL), NOON.plusSeconds(2));
    assertThat(stored("o2").state()).isEqualTo(State.SENT);
    assertThat(consents.of(EMAIL.hash("main")).consents()).hasSize(1);
    assertThat(Permissions.fold(List.of(consents.of(ANN))).consents()).hasSize(2);
  }

  private Policy caps(FrequencyCap... caps) {
    return new Policy(
        policy.zone(),
        new QuietHours(LocalTime.of(21, 0), LocalTime.of(8, 0)),
        List.of(caps),
        policy.transactional(),
        policy.onlyOnceGranted(),
        Map.of(),
        Map.of(),
        Map.of());
  }

  @Test
  void whatAPersonDidWithAMessageIsToldOnceItIsClearThatNoProgramDid() {
    sendMessage.send(request("o1", Channel.EMAIL), NOON);
    String id = stored("o1").id();
    Instant scan = NOON.plusSeconds(30);
    sends.visit(id, new Visit("a", scan));
    sends.visit(id, new Visit("b", scan));
    timers.register(Due.ofSend(ANN, id, scan));
    tick(NOON.plusSeconds(60));
    assertThat(events).isEmpty();

    Instant click = NOON.plusSeconds(600);
    for (int again = 0; again < 2; again++) {
      sends.visit(id, new Visit("a", click.plusSeconds(100L * again)));
      timers.register(Due.ofSend(ANN, id, click));
      tick(click.plusSeconds(300));
    }

    assertThat(events).hasSize(1);
    Event event = events.getFirst();
    assertThat(event.name()).isEqualTo("Email Link Clicked");
    assertThat(event.owner()).isEqualTo(EMAIL);
    assertThat(event.trust()).isEqualTo(Event.Trust.SERVER);
    assertThat(event.timestamp()).isEqualTo(click);
    assertThat(event.properties().text("sendId")).isEqualTo(id);
    assertThat(stored("o1").receipts()).containsEntry(Receipt.Kind.CLICKED, click);
    assertThat(totals.read(List.of("sends.email.clicked"))).containsValue(1L);
    assertThat(timersAreLeft()).isFalse();
    assertThat(delivered).hasSize(1);
  }

  private static SendRequest asked(String occurrence, Instant at, boolean atLeastOnce) {
    return new SendRequest(
        ANN,
        "journey:welcome",
        "mail",
        occurrence,
        occurrence,
        "hello",
        List.of(Channel.EMAIL),
        atLeastOnce ? Policy.TRANSACTIONAL : "marketing",
        null,
        Fields.EMPTY,
        at,
        null,
        atLeastOnce);
  }

  @Test
  void whatWasToGoBeforeTheFenceOfARestoreIsUnknownAndNeverSent() {
    Instant fence = NOON.plusSeconds(60);
    pauses.fence(fence);
    Instant now = fence.plusSeconds(60);

    assertThat(sendMessage.send(asked("old", NOON, false), now)).isTrue();
    assertThat(sendMessage.send(asked("old", NOON, false), now)).isTrue();

    assertThat(delivered).isEmpty();
    Send send = sends.find(SendMessage.id("main", asked("old", NOON, false))).orElseThrow();
    assertThat(send.state()).isEqualTo(State.UNKNOWN);
    assertThat(ExplainSends.explain(send)).contains("a restore from a backup");
    assertThat(totals.read(List.of("sends.email.unknown"))).containsValue(1L);

    assertThat(sendMessage.send(asked("new", fence, false), now)).isTrue();
    assertThat(sendMessage.send(asked("twice is better", NOON, true), now)).isTrue();
    assertThat(delivered).hasSize(2);
  }

  @Test
  void whatWaitsUntilAfterTheFenceGoesAndWhatWasDueBeforeDoesNot() {
    sendMessage.send(request("o1", Channel.EMAIL), NIGHT);
    sendMessage.send(request("o2", Channel.EMAIL), NIGHT);
    Send waiting = stored("o1");
    Instant due = Objects.requireNonNull(waiting.due());

    pauses.fence(due);
    sendMessage.send(request("o1", Channel.EMAIL), due.plusSeconds(60));
    assertThat(delivered).hasSize(1);

    pauses.fence(due.plusSeconds(1));
    sendMessage.send(request("o2", Channel.EMAIL), due.plusSeconds(60));
    assertThat(delivered).hasSize(1);
    assertThat(stored("o2").state()).isEqualTo(State.UNKNOWN);
  }
}
