package dev.perennial.functions.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.perennial.domain.consent.Block;
import dev.perennial.domain.consent.Consent;
import dev.perennial.domain.consent.Consents;
import dev.perennial.domain.consent.Counted;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.delivery.Address;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.ChannelSender;
import dev.perennial.domain.delivery.Content;
import dev.perennial.domain.delivery.Contents;
import dev.perennial.domain.delivery.Finding;
import dev.perennial.domain.delivery.Finding.Rule;
import dev.perennial.domain.delivery.FrequencyCap;
import dev.perennial.domain.delivery.Links;
import dev.perennial.domain.delivery.Message;
import dev.perennial.domain.delivery.Outcome;
import dev.perennial.domain.delivery.PauseSwitch;
import dev.perennial.domain.delivery.Policy;
import dev.perennial.domain.delivery.RateLimit;
import dev.perennial.domain.delivery.Rendition;
import dev.perennial.domain.delivery.Send;
import dev.perennial.domain.delivery.Send.State;
import dev.perennial.domain.delivery.SendMessage;
import dev.perennial.domain.delivery.SendRequest;
import dev.perennial.domain.delivery.Sends;
import dev.perennial.domain.delivery.Templates;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Link;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.ProfileChange;
import dev.perennial.domain.profile.Seen;
import dev.perennial.domain.profile.Trait;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.timer.Due;
import dev.perennial.domain.timer.Timers;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Text;
import dev.perennial.testkit.Crashes;
import dev.perennial.testkit.InMemoryConsents;
import dev.perennial.testkit.InMemoryPauseSwitch;
import dev.perennial.testkit.InMemoryPeople;
import dev.perennial.testkit.InMemorySends;
import dev.perennial.testkit.InMemoryTimers;
import dev.perennial.testkit.InMemoryTotals;
import dev.perennial.testkit.Samples;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SendMessageTest {

  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
  private static final Instant LATER = NOW.plusSeconds(120);
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
  private Policy policy = Policy.SHIPPED;
  private final Map<String, Content> contents = new HashMap<>();
  private final List<Message> delivered = new ArrayList<>();
  private final List<Event> events = new ArrayList<>();
  private final List<ProfileChange> changes = new ArrayList<>();
  private Outcome outcome = new Outcome.Sent("provider-1");
  private final ChannelSender provider =
      message -> {
        delivered.add(message);
        return outcome;
      };

  @BeforeEach
  void know() {
    know(Link.Strength.SERVER);
    contents.put(
        "hello",
        new Content(
            "hello",
            3,
            Map.of(
                Channel.EMAIL,
                new Rendition.Email("Hi {{ event.name }}", null, "{{ profile.traits.plan }}"),
                Channel.SMS,
                new Rendition.Sms("Hi"))));
  }

  private void know(Link.Strength phone) {
    Map<Identifier, Instant> known = new HashMap<>();
    for (Identifier identifier : List.of(USER, EMAIL, PHONE)) {
      known.put(identifier, NOW);
    }
    Person person =
        new Person(
            ANN,
            people.find(ANN).map(Person::version).orElse(0L),
            known,
            Set.of(
                Link.between(USER, EMAIL, Link.Kind.EVENT, Link.Strength.CLIENT, NOW, "m1"),
                Link.between(USER, PHONE, Link.Kind.EVENT, phone, NOW, "m2")),
            Map.of(USER, Samples.facet(USER)),
            Map.of(),
            List.of(),
            null,
            null);
    people.put(person);
  }

  private SendMessage sending() {
    return sending(id -> Optional.ofNullable(contents.get(id)), provider);
  }

  private SendMessage sending(Contents from, ChannelSender to) {
    return sending(new Crashes(), from, to, new LiquidTemplates());
  }

  private SendMessage sending(
      Crashes crashes, Contents from, ChannelSender to, Templates templates) {
    return new SendMessage(
        "main",
        crashes.around(People.class, people),
        crashes.around(Consents.class, consents),
        crashes.around(Contents.class, from),
        () -> policy,
        crashes.around(PauseSwitch.class, pauses),
        templates,
        Links.NONE,
        crashes.around(Sends.class, sends),
        crashes.around(Timers.class, timers),
        crashes.around(ChannelSender.class, to),
        new RateLimit((_, _, wanted, _) -> wanted),
        crashes.aroundPublisher(changes::addAll),
        crashes.aroundPublisher(events::addAll));
  }

  private static SendRequest request(String occurrence, Channel... channels) {
    return new SendRequest(
        ANN,
        "journey:welcome",
        "mail",
        occurrence,
        "hello",
        List.of(channels),
        "marketing",
        Samples.event(USER, "m1"));
  }

  private void consent(Channel channel, Consent.Decision decision) {
    consents.save(
        ANN, consents.of(ANN).with(new Consent(channel, "marketing", decision, NOW, null, null)));
  }

  private Send stored(String occurrence) {
    return sends.find(SendMessage.id("main", request(occurrence, Channel.EMAIL))).orElseThrow();
  }

  private long total(String name) {
    return totals.read(List.of(name)).get(name);
  }

  @Test
  void sendsTheFirstChannelThatWillDo() {
    assertThat(sending().send(request("o1", Channel.PUSH, Channel.EMAIL, Channel.SMS), NOW))
        .isTrue();

    assertThat(delivered)
        .containsExactly(
            new Message(
                stored("o1").id(),
                new Address(Address.Kind.EMAIL, "ann@example.com"),
                new Rendition.Email("Hi Order Completed", null, "pro")));
    Send send = stored("o1");
    assertThat(send.state()).isEqualTo(State.SENT);
    assertThat(send.providerId()).isEqualTo("provider-1");
    assertThat(send.findings())
        .containsExactly(
            new Finding(Channel.PUSH, Rule.RENDITION, false, "the content has none"),
            new Finding(Channel.EMAIL, Rule.ADDRESS, true, "ann@example.com"),
            new Finding(Channel.EMAIL, Rule.CONSENT, true, "unknown"),
            new Finding(
                Channel.EMAIL,
                Rule.QUIET_HOURS,
                true,
                "10:00 in UTC, the workspace's zone, as theirs is unknown"),
            new Finding(Channel.EMAIL, Rule.RENDITION, true, "version 3"));
    assertThat(sends.ofPerson(ANN, 10, null).items()).containsExactly(send);
    assertThat(total("sends.email.sent")).isEqualTo(1);
  }

  @Test
  void aRepeatSendsNothing() {
    sending().send(request("o1", Channel.EMAIL), NOW);
    sending().send(request("o1", Channel.EMAIL), NOW.plusSeconds(60));

    assertThat(delivered).hasSize(1);
    assertThat(total("sends.email.sent")).isEqualTo(1);
  }

  @Test
  void smsNeedsAGrantAndADenialStopsEmail() {
    sending().send(request("o1", Channel.SMS), NOW);
    assertThat(stored("o1").state()).isEqualTo(State.NOT_SENT);
    assertThat(stored("o1").findings().getLast())
        .isEqualTo(new Finding(Channel.SMS, Rule.CONSENT, false, "unknown"));

    consent(Channel.SMS, Consent.Decision.GRANTED);
    consent(Channel.EMAIL, Consent.Decision.DENIED);
    sending().send(request("o2", Channel.EMAIL, Channel.SMS), NOW);

    assertThat(delivered)
        .extracting(message -> message.to().value())
        .containsExactly(PHONE.value());
    assertThat(total("sends.sms.notSent")).isEqualTo(1);
    assertThat(total("sends.sms.sent")).isEqualTo(1);
  }

  @Test
  void aPhoneThatOnlyAClientKnowsGetsNothing() {
    know(Link.Strength.CLIENT);
    consent(Channel.SMS, Consent.Decision.GRANTED);

    sending().send(request("o1", Channel.SMS), NOW);
    assertThat(stored("o1").findings().getLast())
        .isEqualTo(new Finding(Channel.SMS, Rule.ADDRESS, false, "none is known"));

    know(Link.Strength.EXPLICIT);
    sending().send(request("o2", Channel.SMS), NOW);
    assertThat(delivered).hasSize(1);
  }

  @Test
  void aSlowRenderingIsNoDecision() {
    SendMessage hurried =
        sending(
            new Crashes(),
            id -> Optional.ofNullable(contents.get(id)),
            provider,
            new Templates() {
              @Override
              public List<Flaw> check(Rendition template) {
                return List.of();
              }

              @Override
              public Rendering render(Rendition template, Fields variables) {
                throw new IllegalStateException("it took too long");
              }
            });

    assertThatIllegalStateException()
        .isThrownBy(() -> hurried.send(request("o1", Channel.EMAIL), NOW));

    assertThat(sending().send(request("o1", Channel.EMAIL), NOW)).isTrue();
    assertThat(stored("o1").state()).isEqualTo(State.SENT);
  }

  @Test
  void whatCannotBeSaidIsDecidedAgainstWithTheReason() {
    contents.clear();
    sending().send(request("o1", Channel.EMAIL), NOW);
    assertThat(stored("o1").findings().getLast().fact()).isEqualTo("there is no such content");

    contents.put(
        "hello",
        new Content(
            "hello",
            4,
            Map.of(Channel.EMAIL, new Rendition.Email("{{ 1 | divided_by: 0 }}", null, "x"))));
    sending().send(request("o2", Channel.EMAIL), NOW);
    assertThat(stored("o2").state()).isEqualTo(State.NOT_SENT);
    assertThat(stored("o2").findings().getLast().fact()).startsWith("subject: ");
    assertThat(delivered).isEmpty();
  }

  @Test
  void whatWasNotAcceptedIsTriedAgain() {
    outcome = new Outcome.Retryable("throttled");
    assertThat(sending().send(request("o1", Channel.EMAIL), NOW)).isFalse();
    assertThat(stored("o1").state()).isEqualTo(State.RETRYABLE);
    assertThat(sending().send(request("o1", Channel.EMAIL), NOW)).isFalse();
    assertThat(stored("o1").attempts()).isEqualTo(2);

    outcome = new Outcome.Sent("provider-1");
    assertThat(sending().send(request("o1", Channel.EMAIL), NOW)).isTrue();

    assertThat(stored("o1").state()).isEqualTo(State.SENT);
    assertThat(stored("o1").attempts()).isEqualTo(3);
    assertThat(total("sends.email.sent")).isEqualTo(1);
  }

  @Test
  void whatLeavesDoubtIsNeverSentAgain() {
    outcome = new Outcome.Unknown("timeout");
    assertThat(sending().send(request("o1", Channel.EMAIL), NOW)).isTrue();
    assertThat(sending().send(request("o1", Channel.EMAIL), NOW)).isTrue();

    assertThat(delivered).hasSize(1);
    assertThat(stored("o1").state()).isEqualTo(State.UNKNOWN);
    assertThat(stored("o1").detail()).isEqualTo("timeout");
    assertThat(total("sends.email.unknown")).isEqualTo(1);
  }

  @Test
  void aDenialBetweenDecisionAndClaimIsObeyed() {
    Contents denyingMeanwhile =
        id -> {
          if (consents.of(ANN).version() == 0) {
            consent(Channel.EMAIL, Consent.Decision.DENIED);
          }
          return Optional.of(contents.get(id));
        };

    sending(denyingMeanwhile, provider).send(request("o1", Channel.EMAIL), NOW);

    assertThat(delivered).isEmpty();
    assertThat(stored("o1").state()).isEqualTo(State.NOT_SENT);
  }

  @Test
  void aDenialUnderAnotherAddressOfTheirsBetweenDecisionAndClaimIsObeyed() {
    Identifier other = new Identifier(Namespace.EMAIL, "anna@example.com");
    Person ann = people.find(ANN).orElseThrow();
    Map<Identifier, Instant> more = new HashMap<>(ann.identifiers());
    more.put(other, NOW.minusSeconds(60));
    people.put(
        new Person(
            ANN, ann.version(), more, ann.links(), ann.facets(), Map.of(), List.of(), null, null));
    Consent denial =
        new Consent(Channel.EMAIL, Consent.ALL, Consent.Decision.DENIED, NOW, null, null);
    Contents denyingMeanwhile =
        id -> {
          consents.save(other.hash("main"), Permissions.NONE.with(denial));
          return Optional.of(contents.get(id));
        };

    sending(denyingMeanwhile, provider).send(request("o1", Channel.EMAIL), NOW);

    assertThat(delivered).isEmpty();
    assertThat(stored("o1").state()).isEqualTo(State.NOT_SENT);
  }

  @Test
  void whoDecidedUnderMoreIdsThanCanBeAskedGetsNothingAndThatIsSaid() {
    Person ann = people.find(ANN).orElseThrow();
    Map<Identifier, Instant> more = new HashMap<>(ann.identifiers());
    for (int i = 0; i < 90; i++) {
      more.put(new Identifier(Namespace.EMAIL, "ann+" + i + "@example.com"), NOW.minusSeconds(60));
    }
    people.put(
        new Person(
            ANN, ann.version(), more, ann.links(), ann.facets(), Map.of(), List.of(), null, null));

    assertThat(sending().send(request("o1", Channel.EMAIL), NOW)).isTrue();

    assertThat(delivered).isEmpty();
    assertThat(stored("o1").state()).isEqualTo(State.NOT_SENT);
    assertThat(stored("o1").findings().getLast())
        .isEqualTo(
            new Finding(
                Channel.EMAIL, Rule.CONSENT, false, "92 ids to ask, and at most 90 can be"));
  }

  @Test
  void aWorkerThatIsOnlySlowMayStillSayThatItSent() {
    ChannelSender slow =
        message -> {
          // Meanwhile the message comes to another worker, who cannot know.
          sending().send(request("o1", Channel.EMAIL), NOW);
          return provider.deliver(message);
        };

    sending(id -> Optional.of(contents.get(id)), slow).send(request("o1", Channel.EMAIL), NOW);

    assertThat(delivered).hasSize(1);
    assertThat(stored("o1").state()).isEqualTo(State.SENT);
    assertThat(total("sends.email.unknown")).isZero();
    assertThat(total("sends.email.sent")).isEqualTo(1);
  }

  @Test
  void whatTheQueueDeletesBecauseAnotherWorkerGotItTooIsTriedAgainAllTheSame() {
    ChannelSender throttled =
        message -> {
          assertThat(sending().send(request("o1", Channel.EMAIL), NOW.plusSeconds(1))).isTrue();
          return new Outcome.Retryable("throttled");
        };
    SendMessage first = sending(id -> Optional.of(contents.get(id)), throttled);
    assertThat(first.send(request("o1", Channel.EMAIL), NOW)).isFalse();
    assertThat(delivered).isEmpty();
    assertThat(stored("o1").state()).isEqualTo(State.RETRYABLE);

    Instant later = NOW.plusSeconds(180);
    List<Due> due = new ArrayList<>();
    timers.forEachDue(later, due::add);
    assertThat(due).hasSize(1);
    assertThat(sending().send(due.getFirst(), later)).isTrue();

    assertThat(delivered).hasSize(1);
    assertThat(stored("o1").state()).isEqualTo(State.SENT);
    assertThat(timers.nextDue(Instant.EPOCH, later)).isEmpty();
  }

  @Test
  void ofSomebodyWhoWasErasedNothingIsStored() {
    SendRequest request =
        new SendRequest(
            new PersonId("nobody"),
            "journey:x",
            "s",
            "o",
            "hello",
            List.of(Channel.EMAIL),
            "marketing",
            null);

    assertThat(sending().send(request, NOW)).isTrue();

    assertThat(sends.find(SendMessage.id("main", request))).isEmpty();
    assertThat(delivered).isEmpty();
  }

  @Test
  void aDenialSurvivesTheMergeOfWhoDenied() {
    Consent grant =
        new Consent(Channel.EMAIL, "marketing", Consent.Decision.GRANTED, NOW, null, null);
    Consent denial =
        new Consent(Channel.EMAIL, "marketing", Consent.Decision.DENIED, NOW, null, null);
    consents.save(ANN, Permissions.NONE.with(grant));
    consents.save(EMAIL.hash("main"), Permissions.NONE.with(denial));

    sending().send(request("o1", Channel.EMAIL), NOW);
    assertThat(delivered).isEmpty();
    assertThat(stored("o1").findings().getLast())
        .isEqualTo(new Finding(Channel.EMAIL, Rule.CONSENT, false, "denied"));

    Consent later =
        new Consent(
            Channel.EMAIL, "marketing", Consent.Decision.GRANTED, NOW.plusSeconds(1), null, null);
    consents.save(ANN, consents.of(ANN).with(later));
    sending().send(request("o2", Channel.EMAIL), NOW);
    assertThat(delivered).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void callsTheProviderOnceAtMostWhereverItCrashes(Kind kind) {
    int calls = crashAt(-1, kind);
    assertThat(calls).isEqualTo(8);
    for (int call = 0; call < calls; call++) {
      crashAt(call, kind);
    }
  }

  /** Where a call kills the process. */
  enum Kind {
    BEFORE,
    AFTER
  }

  private Crashes sendDyingAt(int call, Kind kind, Channel channel) {
    Crashes crashes = new Crashes();
    crashes.dieAt(call, kind == Kind.BEFORE);
    SendMessage fragile =
        sending(
            crashes, id -> Optional.ofNullable(contents.get(id)), provider, new LiquidTemplates());
    int receives = 0;
    for (boolean done = false; !done; receives++) {
      assertThat(receives).isLessThan(3);
      try {
        done = fragile.send(request("o1", channel), NOW);
      } catch (Crashes.Crash crash) {
        // The message comes again.
      }
    }
    List<Due> due = new ArrayList<>();
    timers.forEachDue(LATER, due::add);
    due.forEach(timer -> assertThat(fragile.send(timer, LATER)).isTrue());
    return crashes;
  }

  private int crashAt(int call, Kind kind) {
    SendMessageTest run = new SendMessageTest();
    run.know();
    Crashes crashes = run.sendDyingAt(call, kind, Channel.EMAIL);

    Send end = run.stored("o1");
    assertThat(run.delivered.size()).as("crash at call %s", call).isLessThanOrEqualTo(1);
    assertThat(end.state()).isIn(State.SENT, State.UNKNOWN);
    // Silently lost would be: sent by nobody, and nobody can see that.
    assertThat(run.delivered.size() == 1 || end.state() == State.UNKNOWN).isTrue();
    assertThat(run.total("sends.email.sent") + run.total("sends.email.unknown")).isEqualTo(1);
    return crashes.calls();
  }

  private void knowDevice(String token) {
    Facet facet =
        new Facet(
            USER,
            Map.of(Facet.PUSH_TOKEN, new Trait(new Text(token), NOW, "m3")),
            Map.of(),
            Map.of(),
            Map.of(),
            "",
            NOW,
            NOW,
            1,
            true,
            Seen.NOTHING,
            List.of(),
            null);
    people.put(people.find(ANN).orElseThrow().withFacets(Map.of(USER, facet)));
    contents.put(
        "hello",
        new Content(
            "hello",
            1,
            Map.of(Channel.PUSH, new Rendition.Push("Hi", "There", null, "cart", Fields.EMPTY))));
  }

  @Test
  void whatWentToOthersByTheSameDeviceCountsTowardNoCap() {
    knowDevice("shared");
    policy =
        new Policy(
            policy.zone(),
            null,
            List.of(new FrequencyCap(Channel.PUSH, null, FrequencyCap.Period.DAY, 1)),
            Set.of(),
            Set.of(),
            Map.of(Channel.PUSH, 10),
            Map.of(),
            Map.of());
    PersonId device = new Address(Address.Kind.FCM, "shared").key("main");
    consents.save(
        device,
        Permissions.NONE.counting(new Counted("other", Channel.PUSH, "marketing", NOW, true)));

    sending().send(request("o1", Channel.PUSH), NOW);
    sending().send(request("o2", Channel.PUSH), NOW);

    assertThat(stored("o1").state()).isEqualTo(State.SENT);
    assertThat(consents.of(device).counted()).hasSize(2);
    assertThat(stored("o2").findings().getLast().rule()).isEqualTo(Rule.FREQUENCY_CAP);
  }

  @Test
  void aTokenThatIsNoMoreGetsNothingElse() {
    knowDevice("gone");
    outcome = new Outcome.Refused("410", Block.Reason.HARD_BOUNCE);
    sending().send(request("o1", Channel.PUSH), NOW);
    assertThat(delivered).hasSize(1);
    assertThat(changes).containsExactly(new ProfileChange(ANN, Cause.EVENT));

    sending().send(request("o2", Channel.PUSH), NOW);

    assertThat(delivered).hasSize(1);
    assertThat(stored("o2").findings().getLast().rule()).isEqualTo(Rule.SUPPRESSION);
    Address token = new Address(Address.Kind.FCM, "gone");
    assertThat(consents.of(token.key("main")).block())
        .isEqualTo(new Block(Block.Reason.HARD_BOUNCE, NOW));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whatTheProviderSaysOfAnAddressIsStoredAndToldOfWhereverItCrashes(Kind kind) {
    int calls = refusedAt(-1, kind);
    for (int call = 0; call < calls; call++) {
      refusedAt(call, kind);
    }
  }

  private int refusedAt(int call, Kind kind) {
    SendMessageTest run = new SendMessageTest();
    run.know();
    run.knowDevice("gone");
    run.outcome = new Outcome.Refused("410", Block.Reason.HARD_BOUNCE);
    Crashes crashes = run.sendDyingAt(call, kind, Channel.PUSH);

    assertThat(run.delivered.size()).isLessThanOrEqualTo(1);
    State end = run.stored("o1").state();
    // Whoever dies before the answer is stored cannot know it.
    assertThat(end).isIn(State.REFUSED, call < 0 ? State.REFUSED : State.UNKNOWN);
    if (end == State.REFUSED) {
      Address token = new Address(Address.Kind.FCM, "gone");
      assertThat(run.consents.of(token.key("main")).block())
          .isEqualTo(new Block(Block.Reason.HARD_BOUNCE, NOW));
      assertThat(run.changes).as("call %s", call).contains(new ProfileChange(ANN, Cause.EVENT));
    }
    return crashes.calls();
  }

  @Test
  void aTokenThatTheProviderRenewsIsTheDevicesFromThenOn() {
    knowDevice("old");
    outcome = new Outcome.Sent("p1", "new");

    sending().send(request("o1", Channel.PUSH), NOW);

    assertThat(events).hasSize(1);
    Event event = events.getFirst();
    assertThat(event.owner()).isEqualTo(USER);
    assertThat(event.context().at("device.token")).isEqualTo(new Text("new"));
    assertThat(stored("o1").state()).isEqualTo(State.SENT);
  }
}
