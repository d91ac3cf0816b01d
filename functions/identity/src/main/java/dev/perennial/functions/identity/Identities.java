package dev.perennial.functions.identity;

import dev.perennial.domain.identity.Evidence;
import dev.perennial.domain.identity.ExplainIdentity;
import dev.perennial.domain.identity.ExplainIdentity.Explanation;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.ResolveLinks;
import dev.perennial.domain.profile.Following;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.People.Freshness;
import dev.perennial.domain.profile.Person;
import dev.perennial.lambda.Environment;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the functions that decide or show who is who have in common. */
final class Identities {
  private Identities() {}

  /**
   * An identifier seen with more user ids is shared: {@code MOST_USER_IDS}, 10 unless it says
   * otherwise.
   */
  static int mostUserIds(Environment environment) {
    return environment
        .find("MOST_USER_IDS")
        .map(Integer::parseInt)
        .orElse(ResolveLinks.MOST_USER_IDS);
  }

  /** Why the person is one, in view of those at the other ends of their links. */
  static Explanation explain(Person person, People people, int mostUserIds) {
    Set<Identifier> strangers = new HashSet<>();
    person.links().forEach(link -> strangers.addAll(List.of(link.a(), link.b())));
    strangers.removeAll(person.identifiers().keySet());
    Map<Identifier, Person> neighbours =
        strangers.isEmpty()
            ? Map.of()
            : Following.owners(
                people, people.locate(strangers, Freshness.RECENT).people(), Freshness.RECENT);
    List<Evidence> evidence =
        new HashSet<>(neighbours.values()).stream().map(Person::evidence).toList();
    return ExplainIdentity.explain(person.evidence(), evidence, mostUserIds);
  }
}
