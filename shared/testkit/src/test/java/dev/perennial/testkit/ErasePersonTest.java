package dev.perennial.testkit;

import static dev.perennial.testkit.ErasureWorld.NOW;
import static dev.perennial.testkit.ErasureWorld.REFUSED;
import static dev.perennial.testkit.ErasureWorld.WORKSPACE;
import static dev.perennial.testkit.ErasureWorld.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.perennial.domain.Contended;
import dev.perennial.domain.consent.Consent;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.delivery.Address;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.erasure.ErasePerson;
import dev.perennial.domain.erasure.Erasure;
import dev.perennial.domain.erasure.RequestErasure;
import dev.perennial.domain.erasure.RequestErasure.Answer;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.People.Change;
import dev.perennial.domain.profile.People.Saving;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Totals;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.segment.Membership;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Transition;
import dev.perennial.domain.timer.Due;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ErasePersonTest {

  private static final Identifier ANN = new Identifier(Namespace.USER_ID, "ann-7");
  private static final Identifier MAIL = new Identifier(Namespace.EMAIL, "ann@example.test");
  private static final Identifier TABLET = new Identifier(Namespace.DEVICE_ID, "tablet-7");
  private static final Identifier BOB = new Identifier(Namespace.USER_ID, "bob-8");
  private static final SegmentId SEGMENT = new SegmentId("vip");
  private static final List<String> VALUES =
      List.of("ann-7", "ann@example.test", "Ann@Example.Test", "tablet-7", "Annabel", "secret");

  private final ErasureWorld world = new ErasureWorld();

  /** Ann, whose device once showed Bob's user id too, and Bob, who typed her address. */
  private static void populate(ErasureWorld world) {
    world.record(event(ANN, "a0", 0, List.of(MAIL, TABLET), Map.of("name", "Annabel")));
    for (int n = 1; n <= 20; n++) {
      world.record(event(ANN, "a" + n, n, List.of(), Map.of("word", "secret")));
      world.record(
          event(BOB, "b" + n, n, List.of(MAIL), Map.of("email", "Ann@Example.Test", "n", "1")));
    }
    world.record(event(TABLET, "t1", 30, List.of(BOB), Map.of()));
    Person ann = world.people.find(ANN.hash(WORKSPACE)).orElseThrow();
    assertThat(world.people.find(BOB.hash(WORKSPACE)).orElseThrow().links()).isNotEmpty();
    Person member =
        new Person(
            ann.id(),
            ann.version(),
            ann.identifiers(),
            ann.links(),
            ann.facets(),
            Map.of(SEGMENT, new Membership(1, NOW)),
            List.of(),
            NOW.plusSeconds(3600),
            null);
    world.people.save(Change.of(member));
    world.members.apply(List.of(new Transition(ann.id(), SEGMENT, 1, NOW, Cause.EVENT)));
    world.timers.register(Due.ofPerson(ann.id(), NOW.plusSeconds(3600)));
    world.consents.save(
        MAIL.hash(WORKSPACE),
        Permissions.NONE.with(
            new Consent(Channel.EMAIL, "offers", Consent.Decision.GRANTED, NOW, "secret", null)));
  }

  @Test
  void nothingIsLeftButHashes() {
    populate(world);
    assertThat(world.everything()).contains(VALUES);

    Erasure erasure = world.erase(MAIL);

    assertThat(world.everything()).doesNotContain(VALUES);
    assertThat(erasure.state()).isEqualTo(Erasure.State.ERASED);
    assertThat(erasure.counts())
        .containsEntry("identifiers", 3L)
        .containsEntry("neighbours", 1L)
        .containsEntry("consents", 1L)
        .containsKey("historyPages");
    assertThat(world.members.size(SEGMENT)).isZero();
    assertThat(world.totals.read(Set.of(Totals.PROFILES))).containsEntry(Totals.PROFILES, 1L);
  }

  @Test
  void theNeighbourKeepsWhatIsTheirs() {
    populate(world);

    world.erase(MAIL);

    Person bob = world.people.find(BOB.hash(WORKSPACE)).orElseThrow();
    assertThat(bob.links()).isEmpty();
    var facet = Objects.requireNonNull(bob.facets().get(BOB));
    assertThat(facet.events()).isEqualTo(20);
    assertThat(facet.traits()).containsOnlyKeys("n");
    assertThat(world.history.read(BOB, Objects.requireNonNull(facet.newestPage())))
        .isNotEmpty()
        .allSatisfy(event -> assertThat(event.others()).isEmpty())
        .allSatisfy(event -> assertThat(event.traits().fields()).containsOnlyKeys("n"));
  }

  @Test
  void consentOfTheirDevicesGoesToo() {
    populate(world);
    List<PersonId> devices = new ArrayList<>();
    for (int n = 0; n < 40; n++) {
      String token = "phone-" + n;
      world.record(event(ANN, "d" + n, 50 + n, List.of(), Map.of("pushToken", token)));
      PersonId device = new Address(Address.Kind.FCM, token).key(WORKSPACE);
      Consent consent =
          new Consent(Channel.PUSH, "offers", Consent.Decision.GRANTED, NOW, "secret", null);
      world.consents.save(device, Permissions.NONE.with(consent), consent);
      devices.add(device);
    }
    assertThat(world.history.toString()).contains("phone-0").doesNotContain("phone-39");

    Erasure erasure = world.erase(MAIL);

    assertThat(devices)
        .allSatisfy(device -> assertThat(world.consents.of(device)).isEqualTo(Permissions.NONE));
    assertThat(world.consents.history(devices)).isEmpty();
    assertThat(erasure.counts()).containsEntry("consents", 81L);
  }

  @Test
  void whatIsKeptAsideOfANeighbourNamesThemNoMore() {
    populate(world);
    world.quarantine.keep(
        BOB,
        List.of(event(BOB, "q1", 60, List.of(MAIL), Map.of("email", "Ann@Example.Test", "n", "1"))),
        NOW,
        NOW.plusSeconds(99));

    world.erase(MAIL);

    assertThat(world.everything()).doesNotContain(VALUES);
    assertThat(world.quarantine.batches(BOB.hash(WORKSPACE), "", 9))
        .singleElement()
        .satisfies(
            batch -> assertThat(batch.events().getFirst().traits().fields()).containsOnlyKeys("n"));
  }

  @Test
  void askedAgainItAnswersTheSameErasure() {
    populate(world);
    Erasure erasure = world.erase(MAIL);

    for (Identifier identifier : List.of(ANN, MAIL, TABLET)) {
      assertThat(
              world
                  .requestErasure(new Crashes())
                  .erase(identifier.hash(WORKSPACE), "me", NOW.plusSeconds(9)))
          .isEqualTo(new Answer.Erasing(erasure));
    }
    assertThat(world.queue).isEmpty();
    assertThat(world.requestErasure(new Crashes()).erase(new PersonId("nobody"), "me", NOW))
        .isEqualTo(new Answer.Nobody());
  }

  @Test
  void nobodyIsErasedWithPeopleWhoAreAboutToPart() {
    populate(world);
    Person ann = world.people.find(ANN.hash(WORKSPACE)).orElseThrow();
    Person parting =
        new Person(
            ann.id(),
            ann.version(),
            ann.evidence(),
            ann.facets(),
            ann.memberships(),
            ann.outbox(),
            ann.nextDue(),
            ann.reshaped(),
            ann.trail(),
            true);
    assertThat(world.people.save(Change.of(parting))).isInstanceOf(Saving.Saved.class);

    RequestErasure request = world.requestErasure(new Crashes());

    assertThatExceptionOfType(Contended.class).isThrownBy(() -> request.erase(ann.id(), "me", NOW));
    assertThat(world.people.find(ANN.hash(WORKSPACE))).isPresent();
  }

  @Test
  void lateEventsBringNobodyBackBeforeTheTimeIsOver() {
    populate(world);
    world.erase(MAIL);

    world.record(
        event(ANN, "a1", 1, List.of(), Map.of("name", "Annabel")),
        event(MAIL, "late", 40, List.of(), Map.of("name", "Annabel")),
        event(BOB, "b99", 40, List.of(TABLET), Map.of("email", "ann@example.test", "n", "2")));

    assertThat(world.everything()).doesNotContain(VALUES);
    assertThat(world.people.all()).hasSize(1);
    assertThat(world.totals.read(Set.of(Totals.REFUSED))).containsEntry(Totals.REFUSED, 2L);
    Person bob = world.people.find(BOB.hash(WORKSPACE)).orElseThrow();
    assertThat(Objects.requireNonNull(bob.facets().get(BOB)).events()).isEqualTo(21);
  }

  @Test
  void whatWasUnderWayIsDeletedByTheSecondVisit() {
    populate(world);
    world.erase(MAIL);
    world.history.append(
        ANN, null, List.of(event(ANN, "a9", 9, List.of(), Map.of("name", "Annabel"))), NOW);

    world.now = NOW.plus(ErasePerson.STRAGGLERS).plusSeconds(120);
    world.work(new Crashes());

    assertThat(world.everything()).doesNotContain(VALUES);
    assertThat(world.consents.toString()).isEqualTo("{}");
  }

  @Test
  void onceTheTimeIsOverTheIdentifiersNameSomebodyNew() {
    populate(world);
    Erasure erasure = world.erase(MAIL);
    world.now = NOW.plus(ErasePerson.STRAGGLERS).plusSeconds(120);
    world.work(new Crashes());
    world.now = NOW.plus(REFUSED);
    world.work(new Crashes());

    assertThat(world.erasures.find(erasure.id()).orElseThrow().state())
        .isEqualTo(Erasure.State.LAPSED);
    assertThat(world.timers.all()).isEmpty();
    assertThat(world.requestErasure(new Crashes()).erase(ANN.hash(WORKSPACE), "me", world.now))
        .isEqualTo(new Answer.Nobody());
    world.record(event(ANN, "a1", 1, List.of(MAIL), Map.of()));
    Person ann = world.people.find(MAIL.hash(WORKSPACE)).orElseThrow();
    assertThat(ann.version()).isEqualTo(1);
    world.members.apply(List.of(new Transition(ann.id(), SEGMENT, 1, NOW, Cause.EVENT)));
    assertThat(world.members.size(SEGMENT)).isEqualTo(1);
  }

  @Test
  void aCrashAtAnyCallIsMadeGood() {
    Crashes undisturbed = new Crashes();
    whole(new ErasureWorld(), undisturbed);
    int crashes = 0;
    for (int call = 0; call < undisturbed.calls(); call++) {
      for (boolean before : new boolean[] {true, false}) {
        Crashes deadly = new Crashes();
        deadly.dieAt(call, before);
        crashes += whole(new ErasureWorld(), deadly);
      }
    }
    System.out.println("erasures cut short by a crash: " + crashes);
    assertThat(crashes).isEqualTo(2 * undisturbed.calls());
  }

  /** An erasure from request to lapse, in which crashed processes are started again. */
  private static int whole(ErasureWorld world, Crashes crashes) {
    populate(world);
    int died = 0;
    try {
      world.requestErasure(crashes).erase(ANN.hash(WORKSPACE), "me", NOW);
    } catch (Crashes.Crash e) {
      died++;
      world.requestErasure(crashes).erase(ANN.hash(WORKSPACE), "me", NOW);
    }
    for (Duration later :
        List.of(Duration.ZERO, Duration.ofMinutes(3), Duration.ofHours(2), REFUSED)) {
      world.now = NOW.plus(later);
      try {
        world.work(crashes);
      } catch (Crashes.Crash e) {
        died++;
        world.work(crashes);
      }
      if (!later.isZero()) {
        assertThat(world.everything()).doesNotContain(VALUES);
      }
    }
    assertThat(world.people.erased).isEmpty();
    assertThat(world.people.all()).hasSize(1);
    assertThat(world.members.size(SEGMENT)).isZero();
    assertThat(world.totals.read(Set.of(Totals.PROFILES))).containsEntry(Totals.PROFILES, 1L);
    assertThat(world.timers.all()).isEmpty();
    return died;
  }
}
