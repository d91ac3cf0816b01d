package dev.perennial.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.consent.Allowed;
import dev.perennial.domain.consent.Consent;
import dev.perennial.domain.consent.Consent.Decision;
import dev.perennial.domain.consent.RecordConsent;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.ProfileChange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RecordConsentTest {

  private static final Instant NOW = Instant.parse("2026-11-01T09:30:00Z");
  private static final int PEOPLE = 3;

  /** Those people as one, who has the user id and the address of each. */
  private static Person of(int... people) {
    Map<Identifier, Instant> identifiers = new HashMap<>();
    for (int person : people) {
      identifiers.put(user(person), NOW);
      identifiers.put(new Identifier(Namespace.EMAIL, person + "@example.com"), NOW);
    }
    return new Person(
        user(people[0]).hash("main"),
        1,
        identifiers,
        Set.of(),
        Map.of(),
        Map.of(),
        List.of(),
        null,
        null);
  }

  private static Identifier user(int person) {
    return new Identifier(Namespace.USER_ID, "u" + person);
  }

  /**
   * Each decides as long as all are one, and then they part: whoever last agreed themselves, and
   * whom nobody objected for since, may be written to, and nobody else.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whoPartsTakesTheirOwnGrantsAndEveryDenialAlong(long seed) {
    Random random = new Random(seed);
    for (int history = 0; history < 100; history++) {
      InMemoryConsents consents = new InMemoryConsents();
      RecordConsent recordConsent = new RecordConsent("main", consents, _ -> {});
      InMemoryPeople people = new InMemoryPeople("main", new InMemoryTotals());
      Person all = of(0, 1, 2);
      people.put(all);
      Instant denied = null;
      Map<Integer, Instant> granted = new HashMap<>();
      for (int i = 0; i < 4; i++) {
        int decider = random.nextInt(PEOPLE);
        boolean grants = random.nextBoolean();
        Instant at = NOW.plusSeconds(i);
        Decision decision = grants ? Decision.GRANTED : Decision.DENIED;
        PersonId id = user(decider).hash("main");
        recordConsent.record(
            people, all, id, new Consent(Channel.EMAIL, "news", decision, at, null, null));
        if (grants) {
          granted.put(decider, at);
        } else {
          denied = at;
        }

        assertThat(decision(all, consents)).contains(decision);
      }
      for (int person = 0; person < PEOPLE; person++) {
        Instant own = granted.get(person);
        boolean allowed = own != null && (denied == null || own.isAfter(denied));
        Optional<Decision> expected =
            allowed
                ? Optional.of(Decision.GRANTED)
                : Optional.ofNullable(denied == null ? null : Decision.DENIED);
        assertThat(decision(of(person), consents)).as("person %s", person).isEqualTo(expected);
      }
    }
  }

  @Test
  void whoWasMergedMeanwhileObjectsAsWhoTheyAreNow() {
    InMemoryConsents consents = new InMemoryConsents();
    InMemoryPeople people = new InMemoryPeople("main", new InMemoryTotals());
    people.put(of(0, 1));
    PersonId merged = user(0).hash("main");
    PersonId id = user(1).hash("main");
    List<ProfileChange> told = new ArrayList<>();
    Consent denial = new Consent(Channel.SMS, Consent.ALL, Decision.DENIED, NOW, null, null);

    new RecordConsent("main", consents, told::addAll).record(people, of(1), id, denial);

    assertThat(consents.of(merged).consents()).containsExactly(denial);
    assertThat(told).extracting(ProfileChange::person).containsExactly(id, merged);
  }

  private static Optional<Decision> decision(Person person, InMemoryConsents consents) {
    return Allowed.of(person, "main", consents)
        .permissions()
        .marketingDecision(Channel.EMAIL, "news");
  }
}
