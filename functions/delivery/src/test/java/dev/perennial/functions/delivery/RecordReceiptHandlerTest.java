package dev.perennial.functions.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import dev.perennial.domain.consent.Block;
import dev.perennial.domain.consent.Consent;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.delivery.Address;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.Fence;
import dev.perennial.domain.delivery.ListSends;
import dev.perennial.domain.delivery.ProviderNews;
import dev.perennial.domain.delivery.ProviderNews.Fate;
import dev.perennial.domain.delivery.ProviderNews.Reply;
import dev.perennial.domain.delivery.Receipt;
import dev.perennial.domain.delivery.Receipt.Kind;
import dev.perennial.domain.delivery.RecordReceipt;
import dev.perennial.domain.delivery.Send;
import dev.perennial.domain.delivery.Send.State;
import dev.perennial.domain.delivery.SendRequest;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.ProfileChange;
import dev.perennial.testkit.Envelope;
import dev.perennial.testkit.InMemoryConsents;
import dev.perennial.testkit.InMemoryPauseSwitch;
import dev.perennial.testkit.InMemorySends;
import dev.perennial.testkit.InMemoryTotals;
import dev.perennial.testkit.Invocation;
import dev.perennial.testkit.Samples;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordReceiptHandlerTest {

  private static final Instant NOW = Instant.parse("2026-11-01T09:30:00Z");
  private static final String ID = "aaaaaaaaaaaaaaaaaaaaaaaaaa";
  private static final Address EMAIL = new Address(Address.Kind.EMAIL, "ann@example.com");
  private static final Address PHONE = new Address(Address.Kind.PHONE, "+4915112345678");

  private final InMemoryConsents consents = new InMemoryConsents();
  private final List<Event> events = new ArrayList<>();
  private final InMemoryTotals totals = new InMemoryTotals();
  private final InMemorySends sends =
      new InMemorySends(consents, new InMemoryPauseSwitch(), totals);
  private final List<ProfileChange> changes = new ArrayList<>();
  private final RecordReceipt recordReceipt =
      new RecordReceipt("main", sends, consents, changes::addAll, events::addAll);

  private void know(State state) {
    know(state, new PersonId("ann"));
  }

  private void know(State state, PersonId person) {
    SendRequest request =
        new SendRequest(
            person,
            "journey:welcome",
            "mail",
            "o1",
            "hello",
            List.of(Channel.EMAIL),
            "marketing",
            null);
    sends.store(
        new Send(ID, request, NOW, state, 1, EMAIL, Set.of(), List.of(), null, null, "timeout"),
        null);
  }

  private static Fate fate(Kind kind, int second) {
    return new Fate(new Receipt(ID, kind, NOW.plusSeconds(second), null), "p1", EMAIL);
  }

  @Test
  void newsOfABatchAreRecordedAndNonsenseFailsAlone() {
    know(State.UNKNOWN);

    SQSBatchResponse response =
        new RecordReceiptHandler(recordReceipt, () -> NOW)
            .handleRequest(
                Envelope.read(SQSEvent.class, "record-receipt/receipts.json"), new Invocation());

    assertThat(response.getBatchItemFailures())
        .extracting(BatchItemFailure::getItemIdentifier)
        .containsExactly("00000000-0000-4000-8000-000000000002");
    Send send = sends.find(ID).orElseThrow();
    assertThat(send.state()).isEqualTo(State.SENT);
    assertThat(send.providerId()).isEqualTo("p1");
    assertThat(send.receipts()).containsOnlyKeys(Kind.DELIVERED, Kind.BOUNCED);
    assertThat(totals.read(List.of("sends.email.sent", "sends.email.unknown")))
        .isEqualTo(Map.of("sends.email.sent", 1L, "sends.email.unknown", 0L));
    assertThat(consents.of(EMAIL.key("main")).block())
        .isEqualTo(new Block(Block.Reason.HARD_BOUNCE, NOW.minusSeconds(60)));
    assertThat(consents.of(EMAIL.key("main")).consents()).isEmpty();
    assertThat(consents.of(PHONE.key("main")).block()).isEqualTo(new Block(Block.Reason.STOP, NOW));
    assertThat(changes)
        .extracting(ProfileChange::person)
        .containsOnly(EMAIL.key("main"), PHONE.key("main"));
  }

  @Test
  void theProvidersIdIsKeptAlsoWhenSomebodyOpenedItFirst() {
    know(State.CLAIMED);
    sends.settle(sends.find(ID).orElseThrow().arrived(null).orElseThrow());
    assertThat(sends.find(ID).orElseThrow().providerId()).isNull();

    recordReceipt.record(fate(Kind.DELIVERED, 1), NOW.plusSeconds(60));

    assertThat(sends.find(ID).orElseThrow().providerId()).isEqualTo("p1");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void anyOrderAndAnyNumberOfRepeatsEndAlike(long seed) {
    know(State.UNKNOWN);
    List<ProviderNews> news =
        new ArrayList<>(
            List.of(
                fate(Kind.DELIVERED, 2),
                fate(Kind.DELIVERED, 1),
                fate(Kind.FAILED, 3),
                fate(Kind.COMPLAINED, 9),
                fate(Kind.BOUNCED, 12),
                fate(Kind.DELIVERED, 5)));
    news.addAll(List.copyOf(news));
    Collections.shuffle(news, new Random(seed));

    news.forEach(one -> recordReceipt.record(one, NOW.plusSeconds(60)));

    Send send = sends.find(ID).orElseThrow();
    assertThat(send.state()).isEqualTo(State.SENT);
    assertThat(send.receipts())
        .isEqualTo(
            Map.of(
                Kind.DELIVERED, NOW.plusSeconds(1),
                Kind.FAILED, NOW.plusSeconds(3),
                Kind.BOUNCED, NOW.plusSeconds(12),
                Kind.COMPLAINED, NOW.plusSeconds(9)));
    assertThat(consents.of(EMAIL.key("main")).block())
        .isEqualTo(new Block(Block.Reason.COMPLAINT, NOW.plusSeconds(9)));
    assertThat(consents.of(EMAIL.key("main")).decision(Channel.EMAIL, Consent.ALL))
        .contains(Consent.Decision.DENIED);
    assertThat(events)
        .extracting(Event::name, Event::owner, Event::timestamp)
        .containsOnly(
            tuple(
                "Email Marked as Spam",
                new Identifier(Namespace.EMAIL, "ann@example.com"),
                NOW.plusSeconds(9)));
    assertThat(events)
        .extracting(Event::messageId)
        .hasSize(2)
        .containsOnly(events.getFirst().messageId());
    List<String> counted =
        Stream.of("sent", "unknown", "delivered", "failed", "bounced", "complained")
            .map(state -> "sends.email." + state)
            .toList();
    assertThat(counted)
        .map(name -> totals.read(List.of(name)).get(name))
        .containsExactly(1L, 0L, 1L, 1L, 1L, 1L);
  }

  @Test
  void newsOfAMessageFindItAfterItsPersonWasMerged() {
    Identifier before = new Identifier(Namespace.USER_ID, "ann");
    Identifier after = new Identifier(Namespace.USER_ID, "anna");
    know(State.UNKNOWN, before.hash("main"));
    Person merged =
        new Person(
            after.hash("main"),
            1,
            Map.of(before, NOW, after, NOW),
            Set.of(),
            Map.of(),
            Map.of(),
            List.of(),
            null,
            null);

    recordReceipt.record(fate(Kind.DELIVERED, 1), NOW.plusSeconds(2));

    ListSends listSends = new ListSends(Samples.people("main", before.hash("main")), sends);
    Send send = listSends.list(merged, NOW).getFirst();
    assertThat(send.state()).isEqualTo(State.SENT);
    assertThat(send.receipts()).containsOnlyKeys(Kind.DELIVERED);
    assertThat(listSends.list(merged, NOW.plus(Send.KEPT))).isEmpty();
  }

  @Test
  void newsIsOfTheAddressThatItNamesThoughTheMessageWentAnotherWaySince() {
    know(State.RETRYABLE);
    Send known = sends.find(ID).orElseThrow();
    Send moved =
        new Send(
            ID,
            known.request(),
            NOW,
            State.CLAIMED,
            2,
            PHONE,
            Set.of(),
            List.of(),
            null,
            null,
            null);
    sends.claim(moved, known, new Fence(Map.of(), Set.of(), true));

    recordReceipt.record(fate(Kind.COMPLAINED, 1), NOW.plusSeconds(2));
    recordReceipt.record(fate(Kind.BOUNCED, 1), NOW.plusSeconds(2));

    assertThat(consents.of(PHONE.key("main")).block()).isNull();
    assertThat(consents.of(EMAIL.key("main")).block())
        .isEqualTo(new Block(Block.Reason.COMPLAINT, NOW.plusSeconds(1)));
    assertThat(events)
        .extracting(Event::owner)
        .containsExactly(new Identifier(Namespace.EMAIL, EMAIL.value()));
    assertThat(events.getFirst().properties().text("channel")).isEqualTo("email");
  }

  @ParameterizedTest
  @EnumSource(
      value = State.class,
      names = {"DEFERRED"},
      mode = EnumSource.Mode.EXCLUDE)
  void whatArrivedWasSentWhateverWasKnown(State state) {
    know(state);

    recordReceipt.record(fate(Kind.DELIVERED, 1), NOW.plusSeconds(2));

    assertThat(sends.find(ID).orElseThrow().state()).isEqualTo(State.SENT);
    assertThat(totals.read(List.of("sends.email.sent"))).containsValue(1L);
  }

  @Test
  void startLiftsAStopAndNothingElse() {
    PersonId key = PHONE.key("main");
    recordReceipt.record(new Reply(PHONE, "  td ", NOW), NOW);
    recordReceipt.record(new Reply(PHONE, "Thanks!", NOW.plusSeconds(1)), NOW);
    assertThat(consents.of(key).block()).isEqualTo(new Block(Block.Reason.STOP, NOW));

    recordReceipt.record(new Reply(PHONE, "START", NOW.plusSeconds(2)), NOW);
    assertThat(consents.of(key).block()).isNull();
    assertThat(consents.of(key).decision(Channel.SMS, Consent.ALL))
        .contains(Consent.Decision.GRANTED);

    recordReceipt.record(new Reply(PHONE, "  td ", NOW), NOW);
    assertThat(consents.of(key).block()).isNull();

    Block bounce = new Block(Block.Reason.HARD_BOUNCE, NOW);
    consents.save(key, consents.of(key).with(bounce));
    recordReceipt.record(new Reply(PHONE, "START", NOW.plusSeconds(3)), NOW);
    assertThat(consents.of(key).block()).isEqualTo(bounce);
  }

  @Test
  void aStartThatComesLateLiftsNoNewerStop() {
    PersonId key = PHONE.key("main");
    recordReceipt.record(new Reply(PHONE, "STOP", NOW), NOW);
    recordReceipt.record(new Reply(PHONE, "STOP", NOW.plusSeconds(3)), NOW);

    recordReceipt.record(new Reply(PHONE, "START", NOW.plusSeconds(2)), NOW);

    assertThat(consents.of(key).block()).isEqualTo(new Block(Block.Reason.STOP, NOW));
  }

  @Test
  void anAnswerToAQuestionIsNoConsent() {
    recordReceipt.record(new Reply(PHONE, "Yes", NOW), NOW);

    assertThat(consents.of(PHONE.key("main")).consents()).isEmpty();
  }

  @Test
  void aStopWeighsMoreThanABounceAndTakesNothingOfItAway() {
    PersonId key = PHONE.key("main");
    Block manual = new Block(Block.Reason.MANUAL, NOW.minusSeconds(9));
    Block bounce = new Block(Block.Reason.HARD_BOUNCE, NOW.minusSeconds(9));
    consents.save(key, Permissions.NONE.with(manual).with(bounce));
    assertThat(consents.of(key).block()).isEqualTo(bounce);

    recordReceipt.record(new Reply(PHONE, "STOP", NOW), NOW);
    assertThat(consents.of(key).block()).isEqualTo(new Block(Block.Reason.STOP, NOW));

    recordReceipt.record(new Reply(PHONE, "START", NOW.plusSeconds(1)), NOW);
    assertThat(consents.of(key).blocks()).containsExactlyInAnyOrder(manual, bounce);
  }

  @Test
  void whoComplainsOfWhatWasForgottenGetsNothingMore() {
    recordReceipt.record(fate(Kind.COMPLAINED, 1), NOW.plusSeconds(2));

    assertThat(sends.find(ID)).isEmpty();
    assertThat(events).isEmpty();
    assertThat(consents.of(EMAIL.key("main")).block())
        .isEqualTo(new Block(Block.Reason.COMPLAINT, NOW.plusSeconds(1)));
  }
}
