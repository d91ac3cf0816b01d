package dev.perennial.testkit;

import static dev.perennial.testkit.PeopleContract.founding;
import static dev.perennial.testkit.PeopleContract.person;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.consent.Consents;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.erasure.Erasure;
import dev.perennial.domain.erasure.Erasures;
import dev.perennial.domain.erasure.Remains;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Following;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.People.Absorbed;
import dev.perennial.domain.profile.People.Change;
import dev.perennial.domain.profile.People.Freshness;
import dev.perennial.domain.profile.People.Located;
import dev.perennial.domain.profile.People.Saving.Contended;
import dev.perennial.domain.profile.People.Saving.Saved;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Totals;
import dev.perennial.domain.profile.Trail;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.segment.Membership;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Transition;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every store of erasures does to its store of people. */
public interface ErasuresContract {

  String WORKSPACE = PeopleContract.WORKSPACE;
  Instant AT = PeopleContract.AT;
  Identifier ANN = PeopleContract.ANN;
  Identifier MAIL = PeopleContract.MAIL;
  Identifier PHONE = new Identifier(Namespace.PHONE, "+491701234567");

  /** The people, nobody yet. */
  People people();

  /** Where they are counted. */
  Totals totals();

  /** The consent that senders check. */
  Consents consents();

  /** The store. */
  Erasures erasures();

  private static Erasure erasure() {
    return new Erasure(
        "e1", "key", AT, AT.plusSeconds(99), null, null, false, 0, Map.of("identifiers", 2L));
  }

  private static Remains remains(Person person) {
    return new Remains(
        "e1",
        person.id(),
        person.ids(WORKSPACE),
        Set.of(new PersonId("phone")),
        Set.of(new PersonId("bob")),
        List.of(new Transition(person.id(), new SegmentId("s"), 2, AT, Cause.EDIT)),
        AT.plusSeconds(60));
  }

  private Person stored(Identifier... identifiers) {
    people().save(founding(person(identifiers)));
    return people().find(identifiers[0].hash(WORKSPACE)).orElseThrow();
  }

  @Test
  default void whoIsErasedIsFoundByNoneOfTheirNames() {
    Person ann = stored(ANN, MAIL);

    assertThat(erasures().begin(ann, remains(ann), erasure())).isTrue();

    assertThat(people().find(ann.id())).isEmpty();
    assertThat(people().find(MAIL.hash(WORKSPACE))).isEmpty();
    assertThat(people().find(Set.of(ann.id()), Freshness.CURRENT)).isEmpty();
    assertThat(people().locate(Set.of(ANN, MAIL), Freshness.CURRENT))
        .isEqualTo(new Located(Map.of(), Set.of(ANN, MAIL)));
    assertThat(totals().read(Set.of(Totals.PROFILES))).containsEntry(Totals.PROFILES, 0L);
    assertThat(erasures().find("e1")).contains(erasure());
    assertThat(erasures().of(MAIL.hash(WORKSPACE))).contains(erasure());
    assertThat(erasures().of(ann.id())).contains(erasure());
    assertThat(erasures().of(new PersonId("bob"))).isEmpty();
    assertThat(erasures().remains(ann.id())).contains(remains(ann));
  }

  @Test
  default void anErasureKnowsHowManyStepsAreDone() {
    Person ann = stored(ANN);
    erasures().begin(ann, remains(ann), erasure());

    erasures().save(erasure().at(1_234));

    assertThat(erasures().find("e1")).contains(erasure().at(1_234));
  }

  @Test
  default void nobodyWhoReadThePersonBeforeWritesThemBack() {
    Person ann = stored(ANN, MAIL);
    erasures().begin(ann, remains(ann), erasure());

    assertThat(people().save(Change.of(ann))).isEqualTo(new Contended());
    assertThat(people().save(founding(person(ANN)))).isEqualTo(new Contended());
    assertThat(people().save(founding(person(MAIL)))).isEqualTo(new Contended());
    assertThat(consents().save(ann.id(), Permissions.NONE)).isFalse();
    assertThat(erasures().begin(ann, remains(ann), erasure())).isFalse();
  }

  @Test
  default void whoChangedMeanwhileIsNotErased() {
    Person ann = stored(ANN);
    people().save(Change.of(ann));

    assertThat(erasures().begin(ann, remains(ann), erasure())).isFalse();

    assertThat(people().find(ann.id())).isPresent();
    assertThat(erasures().find("e1")).isEmpty();
  }

  @Test
  default void marksAsManyIdentifiersAsThereAre() {
    Identifier[] many =
        IntStream.range(0, 150)
            .mapToObj(n -> new Identifier(Namespace.USER_ID, "many-" + n))
            .toArray(Identifier[]::new);
    Person founder = stored(many[0]);
    Person person = person(many).withVersion(founder.version());
    for (int from = 1; from < many.length; from += 50) {
      Map<Identifier, PersonId> founded = new HashMap<>();
      for (Identifier one : List.of(many).subList(from, Math.min(from + 50, many.length))) {
        founded.put(one, person.id());
      }
      people().save(new Change(List.of(person), List.of(), List.of(), founded, Map.of(), 0));
      person = person.withVersion(person.version() + 1);
    }

    assertThat(erasures().begin(person, remains(person), erasure())).isTrue();
    erasures().refuse(person.ids(WORKSPACE), "e1");

    assertThat(people().locate(Set.of(many), Freshness.CURRENT).erased()).hasSize(150);
  }

  @Test
  default void whoWasAbsorbedIsRetiredOnce() {
    Person ann = stored(ANN);
    Person mail = stored(MAIL);
    Person both = person(ANN, MAIL).withVersion(ann.version());
    people()
        .save(
            new Change(
                List.of(both),
                List.of(
                    new Absorbed(
                        mail.id(),
                        mail.version(),
                        ann.id(),
                        Trail.NONE,
                        Map.of(new SegmentId("s"), new Membership(2, AT)))),
                List.of(),
                Map.of(),
                Map.of(),
                -1));
    Person merged = people().find(mail.id()).orElseThrow();
    erasures().begin(merged, remains(merged), erasure());

    assertThat(erasures().retire(mail.id(), "e1")).isTrue();
    assertThat(erasures().retire(mail.id(), "e1")).isFalse();
    assertThat(erasures().retire(new PersonId("bob"), "e1")).isFalse();
    assertThat(people().read(mail.id()))
        .contains(
            new Absorbed(
                mail.id(),
                mail.version() + 1,
                mail.id(),
                new Trail(Map.of(), Set.of(ann.id())),
                Map.of(new SegmentId("s"), new Membership(2, AT))));
    assertThat(people().find(mail.id())).isEmpty();
    assertThat(erasures().of(mail.id())).contains(erasure());
  }

  @Test
  default void whoLeftBeforeIsStillFound() {
    Person ann = stored(ANN, MAIL);
    Person left =
        new Person(
            ann.id(),
            ann.version(),
            person(ANN).evidence(),
            Map.of(),
            Map.of(),
            List.of(),
            null,
            null,
            new Trail(Map.of(MAIL.hash(WORKSPACE), MAIL.hash(WORKSPACE)), Set.of()),
            false);
    people()
        .save(new Change(List.of(left, person(MAIL)), List.of(), List.of(), Map.of(), Map.of(), 1));
    Person alone = people().find(ann.id()).orElseThrow();

    erasures().begin(alone, remains(alone), erasure());

    assertThat(people().find(MAIL.hash(WORKSPACE))).contains(person(MAIL).withVersion(1));
    assertThat(
            Following.owners(
                people(),
                people().locate(Set.of(MAIL), Freshness.CURRENT).people(),
                Freshness.CURRENT))
        .containsOnlyKeys(MAIL);
  }

  @Test
  default void onceLiftedTheNamesAreFree() {
    Person ann = stored(ANN, MAIL);
    erasures().begin(ann, remains(ann), erasure());

    erasures().lift(ann.ids(WORKSPACE), Set.of(), "another");
    assertThat(people().save(founding(person(ANN)))).isEqualTo(new Contended());
    erasures().lift(ann.ids(WORKSPACE), Set.of(), "e1");

    assertThat(erasures().remains(ann.id())).isEmpty();
    assertThat(erasures().of(ann.id())).isEmpty();
    assertThat(people().read(ann.id())).isEmpty();
    assertThat(stored(ANN, MAIL).version()).isEqualTo(1);
  }

  /** Mail was absorbed by Ann, came back and is erased; the phone's pointer never changed. */
  @Test
  default void whoIsFoundByWayOfTheErasedIsFoundOnceLifted() {
    Person ann = stored(ANN);
    Person mail = stored(MAIL, PHONE);
    Absorbed absorbed =
        new Absorbed(
            mail.id(),
            mail.version(),
            ann.id(),
            Trail.NONE,
            Map.of(new SegmentId("s"), new Membership(2, AT)));
    Person all = person(ANN, MAIL, PHONE).withVersion(ann.version());
    people().save(new Change(List.of(all), List.of(absorbed), List.of(), Map.of(), Map.of(), -1));
    Person rest = person(ANN, PHONE).withVersion(ann.version() + 1);
    Person back =
        new Person(
            mail.id(),
            mail.version() + 1,
            person(MAIL).evidence(),
            Map.of(),
            absorbed.memberships(),
            List.of(),
            null,
            null,
            absorbed.trailAlone(),
            false);
    people().save(new Change(List.of(rest, back), List.of(), List.of(), Map.of(), Map.of(), 1));
    Person erased = people().find(mail.id()).orElseThrow();

    erasures().begin(erased, remains(erased), erasure());
    erasures().lift(erased.ids(WORKSPACE), Set.of(erased.id()), "e1");

    assertThat(people().find(mail.id())).isEmpty();
    assertThat(erasures().of(mail.id())).isEmpty();
    assertThat(erasures().remains(mail.id())).isEmpty();
    assertThat(people().find(PHONE.hash(WORKSPACE)).orElseThrow().id()).isEqualTo(ann.id());
    assertThat(
            Following.owners(
                people(),
                people().locate(Set.of(PHONE), Freshness.CURRENT).people(),
                Freshness.CURRENT))
        .containsOnlyKeys(PHONE);
    assertThat(people().read(mail.id()))
        .contains(
            new Absorbed(mail.id(), erased.version() + 1, mail.id(), erased.trail(), Map.of()));
    Person again = person(MAIL).withVersion(erased.version() + 1);
    assertThat(people().save(founding(person(MAIL)))).isEqualTo(new Contended());
    assertThat(
            people()
                .save(
                    new Change(
                        List.of(again),
                        List.of(),
                        List.of(),
                        Map.of(MAIL, again.id()),
                        Map.of(),
                        1)))
        .isEqualTo(new Saved());
  }
}
