package dev.perennial.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.identity.Evidence;
import dev.perennial.domain.identity.Evidence.Withdrawal;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Link;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.profile.Following;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.People.Absorbed;
import dev.perennial.domain.profile.People.Change;
import dev.perennial.domain.profile.People.Freshness;
import dev.perennial.domain.profile.People.Head;
import dev.perennial.domain.profile.People.Located;
import dev.perennial.domain.profile.People.Saving.Contended;
import dev.perennial.domain.profile.People.Saving.Saved;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Reshaping;
import dev.perennial.domain.profile.Totals;
import dev.perennial.domain.profile.Trail;
import dev.perennial.domain.profile.Trait;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.segment.Membership;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Transition;
import dev.perennial.domain.value.Value;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every store of people does. */
public interface PeopleContract {

  String WORKSPACE = "contract";
  Instant AT = Instant.parse("2026-03-01T10:00:00Z");
  Identifier ANN = new Identifier(Namespace.USER_ID, "ann");
  Identifier MAIL = new Identifier(Namespace.EMAIL, "ann@example.test");
  Identifier PHONE = new Identifier(Namespace.PHONE, "+14155550100");

  /** An empty store of the workspace {@link #WORKSPACE}. */
  People people();

  /** The totals that the store keeps. */
  Totals totals();

  /** Nobody stored yet, known by these identifiers, the first of which is the founder. */
  static Person person(Identifier... identifiers) {
    return person(WORKSPACE, identifiers);
  }

  /** A new person of these identifiers, whom the first founded. */
  static Person person(String workspace, Identifier... identifiers) {
    Map<Identifier, Instant> seen =
        Stream.of(identifiers).collect(Collectors.toMap(identifier -> identifier, _ -> AT));
    return new Person(
        identifiers[0].hash(workspace),
        0,
        seen,
        Set.of(),
        Map.of(),
        Map.of(),
        List.of(),
        null,
        null);
  }

  /** The change that stores the new person under all identifiers. */
  static Change founding(Person person) {
    return new Change(
        List.of(person),
        List.of(),
        List.of(),
        person.identifiers().keySet().stream()
            .collect(Collectors.toMap(identifier -> identifier, _ -> person.id())),
        Map.of(),
        1);
  }

  private static Person due(Person person, Instant due) {
    return person.evaluated(person.memberships(), person.outbox(), due, person.reshaped());
  }

  @Test
  default void findsNobodyInAnEmptyStore() {
    People people = people();

    assertThat(people.locate(Set.of(ANN), Freshness.CURRENT).people()).isEmpty();
    assertThat(people.find(ANN.hash(WORKSPACE))).isEmpty();
    assertThat(people.read(ANN.hash(WORKSPACE))).isEmpty();
  }

  @Test
  default void findsAPersonByTheHashOfAnyIdentifier() {
    People people = people();
    Person ann = person(ANN, MAIL);

    assertThat(people.save(founding(ann))).isEqualTo(new Saved());

    Person stored = ann.withVersion(1);
    assertThat(people.find(ann.id())).contains(stored);
    assertThat(people.find(MAIL.hash(WORKSPACE))).contains(stored);
    assertThat(people.locate(Set.of(ANN, MAIL, PHONE), Freshness.CURRENT))
        .isEqualTo(new Located(Map.of(ANN, ann.id(), MAIL, ann.id()), Set.of()));
    assertThat(people.find(Set.of(ann.id()), Freshness.RECENT)).isEqualTo(Map.of(ann.id(), stored));
  }

  @Test
  default void storesAllOfAPerson() {
    People people = people();
    PersonId id = ANN.hash(WORKSPACE);
    SegmentId segment = new SegmentId("quiet");
    Link seen = Link.between(ANN, MAIL, Link.Kind.EVENT, Link.Strength.SERVER, AT, "m1");
    Link merge = Link.between(PHONE, ANN, Link.Kind.MERGE, Link.Strength.EXPLICIT, AT, "m2");
    Person ann =
        new Person(
            id,
            0,
            new Evidence(
                Map.of(ANN, AT, MAIL, AT.plusMillis(1)),
                Set.of(seen, merge),
                Map.of(merge.key(), new Withdrawal(AT, "desk")),
                Map.of(MAIL, AT)),
            Map.of(ANN, Samples.facet(ANN), MAIL, Facet.empty(MAIL)),
            Map.of(segment, new Membership(3, AT)),
            List.of(new Transition(id, segment, 3, AT, Cause.EVENT)),
            AT.plusSeconds(60),
            new Reshaping(Cause.MERGE, AT),
            new Trail(
                Map.of(PHONE.hash(WORKSPACE), MAIL.hash(WORKSPACE)), Set.of(PHONE.hash(WORKSPACE))),
            true);

    people.save(founding(ann));

    assertThat(people.find(id)).contains(ann.withVersion(1));
  }

  @Test
  default void refusesAWriterWhoReadAnOlderVersion() {
    People people = people();
    people.save(founding(person(ANN)));
    Person read = people.find(ANN.hash(WORKSPACE)).orElseThrow();

    assertThat(people.save(Change.of(due(read, AT)))).isEqualTo(new Saved());
    assertThat(people.save(Change.of(due(read, AT.plusSeconds(1))))).isEqualTo(new Contended());

    Person stored = people.find(ANN.hash(WORKSPACE)).orElseThrow();
    assertThat(stored.nextDue()).isEqualTo(AT);
    assertThat(stored.version()).isEqualTo(2);
  }

  @Test
  default void refusesToFoundWhoExists() {
    People people = people();
    people.save(founding(person(ANN)));

    assertThat(people.save(founding(person(ANN)))).isEqualTo(new Contended());
    assertThat(people.save(founding(person(MAIL, ANN)))).isEqualTo(new Contended());

    assertThat(people.find(MAIL.hash(WORKSPACE))).isEmpty();
    assertThat(totals().read(Set.of(Totals.PROFILES))).isEqualTo(Map.of(Totals.PROFILES, 1L));
  }

  @Test
  default void followsWhoWasAbsorbed() {
    People people = people();
    people.save(founding(person(ANN)));
    people.save(founding(person(MAIL)));
    people.save(founding(person(PHONE)));
    absorb(people, PHONE, MAIL);

    absorb(people, MAIL, ANN);

    Person ann = people.find(ANN.hash(WORKSPACE)).orElseThrow();
    assertThat(ann.identifiers()).containsOnlyKeys(ANN, MAIL, PHONE);
    assertThat(people.find(MAIL.hash(WORKSPACE))).contains(ann);
    assertThat(people.find(PHONE.hash(WORKSPACE))).contains(ann);
    PersonId located =
        Objects.requireNonNull(people.locate(Set.of(PHONE), Freshness.CURRENT).people().get(PHONE));
    assertThat(people.find(Set.of(located), Freshness.CURRENT)).isEqualTo(Map.of(located, ann));
    assertThat(totals().read(Set.of(Totals.PROFILES))).isEqualTo(Map.of(Totals.PROFILES, 1L));
  }

  @Test
  default void whoComesBackGoesOnWhereTheyStopped() {
    People people = people();
    people.save(founding(person(ANN)));
    people.save(founding(person(MAIL)));
    absorb(people, MAIL, ANN);
    Head gone = people.read(MAIL.hash(WORKSPACE)).orElseThrow();
    assertThat(gone)
        .isEqualTo(
            new Absorbed(
                MAIL.hash(WORKSPACE),
                2,
                ANN.hash(WORKSPACE),
                Trail.NONE,
                Map.of(new SegmentId("s"), new Membership(2, AT))));

    Person ann = people.find(ANN.hash(WORKSPACE)).orElseThrow();
    Person alone = person(ANN).withVersion(ann.version());
    Person back = person(MAIL).withVersion(gone.version());
    Change change =
        new Change(
            List.of(alone, back), List.of(), List.of(), Map.of(), Map.of(MAIL, back.id()), 1);

    assertThat(people.save(change)).isEqualTo(new Saved());
    assertThat(people.find(MAIL.hash(WORKSPACE))).contains(back.withVersion(3));
    assertThat(people.read(MAIL.hash(WORKSPACE))).contains(back.withVersion(3));
    assertThat(people.save(change)).isEqualTo(new Contended());
  }

  @Test
  default void movesAPointer() {
    People people = people();
    people.save(founding(person(ANN, PHONE)));
    people.save(founding(person(MAIL)));

    people.save(
        new Change(
            List.of(person(ANN).withVersion(1), person(MAIL, PHONE).withVersion(1)),
            List.of(),
            List.of(),
            Map.of(),
            Map.of(PHONE, MAIL.hash(WORKSPACE)),
            0));

    assertThat(people.find(PHONE.hash(WORKSPACE)).orElseThrow().id())
        .isEqualTo(MAIL.hash(WORKSPACE));
  }

  @Test
  default void findsWhereAnIdentifierWent() {
    People people = people();
    people.save(founding(person(ANN, PHONE)));
    people.save(founding(person(MAIL)));
    Person left =
        new Person(
            ANN.hash(WORKSPACE),
            1,
            person(ANN).evidence(),
            Map.of(),
            Map.of(),
            List.of(),
            null,
            null,
            new Trail(Map.of(PHONE.hash(WORKSPACE), MAIL.hash(WORKSPACE)), Set.of()),
            false);
    Person entered = person(MAIL, PHONE).withVersion(1);

    people.save(new Change(List.of(left, entered), List.of(), List.of(), Map.of(), Map.of(), 0));

    assertThat(people.find(PHONE.hash(WORKSPACE))).contains(entered.withVersion(2));
    Map<Identifier, PersonId> located =
        people.locate(Set.of(PHONE, ANN), Freshness.CURRENT).people();
    assertThat(Following.owners(people, located, Freshness.CURRENT))
        .isEqualTo(Map.of(PHONE, entered.withVersion(2), ANN, left.withVersion(2)));
  }

  @Test
  default void refusesAChangeWhoseWitnessChanged() {
    People people = people();
    people.save(founding(person(ANN)));
    people.save(founding(person(MAIL)));
    Person ann = people.find(ANN.hash(WORKSPACE)).orElseThrow();
    Person mail = people.find(MAIL.hash(WORKSPACE)).orElseThrow();
    Change change =
        new Change(List.of(due(ann, AT)), List.of(), List.of(mail), Map.of(), Map.of(), 0);
    people.save(Change.of(due(mail, AT)));

    assertThat(people.save(change)).isEqualTo(new Contended());
    assertThat(people.find(ANN.hash(WORKSPACE))).contains(ann);
  }

  @Test
  default void storesAPersonWithMoreThanAnItemTakes() {
    People people = people();
    Map<Identifier, Facet> facets = new HashMap<>();
    Random random = new Random(1);
    for (int i = 0; i < 60; i++) {
      Identifier owner = new Identifier(Namespace.ANONYMOUS_ID, "a" + i);
      Map<String, Trait> traits = new HashMap<>();
      for (int j = 0; j < 200; j++) {
        traits.put("t" + j, new Trait(new Value.Text("" + random.nextLong()), AT, "m" + j));
      }
      facets.put(owner, Facet.empty(owner).tagged(traits));
    }
    Person ann = person(ANN).withFacets(facets);

    assertThat(people.save(founding(ann))).isEqualTo(new Saved());
    Person stored = people.find(ANN.hash(WORKSPACE)).orElseThrow();
    assertThat(stored).isEqualTo(ann.withVersion(1));

    Identifier one = new Identifier(Namespace.ANONYMOUS_ID, "a7");
    facets.put(one, Facet.empty(one));
    assertThat(people.save(Change.of(stored.withFacets(facets)))).isEqualTo(new Saved());
    assertThat(people.find(ANN.hash(WORKSPACE))).contains(ann.withFacets(facets).withVersion(2));
    assertThat(people.read(Set.of(ann.id()), Freshness.RECENT))
        .isEqualTo(Map.of(ann.id(), ann.withFacets(facets).withVersion(2)));
  }

  @Test
  default void findsManyAtOnce() {
    People people = people();
    List<Identifier> many =
        IntStream.range(0, 230)
            .mapToObj(n -> new Identifier(Namespace.USER_ID, "many-" + n))
            .toList();
    many.stream().limit(40).forEach(identifier -> people.save(founding(person(identifier))));

    Map<Identifier, PersonId> located = people.locate(many, Freshness.CURRENT).people();

    assertThat(located).hasSize(40);
    assertThat(people.find(Set.copyOf(located.values()), Freshness.CURRENT)).hasSize(40);
  }

  private static void absorb(People people, Identifier from, Identifier into) {
    Person absorbed = people.find(from.hash(WORKSPACE)).orElseThrow();
    Person survivor = people.find(into.hash(WORKSPACE)).orElseThrow();
    Map<Identifier, Instant> all = new HashMap<>(survivor.identifiers());
    all.putAll(absorbed.identifiers());
    Person both =
        new Person(
            survivor.id(),
            survivor.version(),
            all,
            Set.of(),
            Map.of(),
            Map.of(),
            List.of(),
            null,
            null);
    Absorbed gone =
        new Absorbed(
            absorbed.id(),
            absorbed.version(),
            survivor.id(),
            Trail.NONE,
            Map.of(new SegmentId("s"), new Membership(2, AT)));
    assertThat(
            people.save(
                new Change(List.of(both), List.of(gone), List.of(), Map.of(), Map.of(), -1)))
        .isEqualTo(new Saved());
  }
}
