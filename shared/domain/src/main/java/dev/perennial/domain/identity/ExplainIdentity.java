package dev.perennial.domain.identity;

import dev.perennial.domain.identity.Evidence.Withdrawal;
import dev.perennial.domain.identity.ResolveLinks.Outcome;
import dev.perennial.domain.identity.ResolveLinks.Resolution;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Says in words why some identifiers are one person, and why others are not. */
public final class ExplainIdentity {

  /**
   * Why somebody is one person.
   *
   * @param links all evidence about the person, strongest first
   */
  public record Explanation(String summary, List<Explained> links) {
    public Explanation {
      links = List.copyOf(links);
    }
  }

  /** What became of a link, and why. */
  public record Explained(Link link, Outcome outcome, String reason) {}

  private final Evidence evidence;
  private final Resolution resolution;

  /** Somebody may have said the same with more weight since the person was read. */
  private final Map<Link.Key, Outcome> outcomes = new HashMap<>();

  private final int mostUserIds;

  private ExplainIdentity(Evidence evidence, int mostUserIds) {
    this.evidence = evidence;
    this.mostUserIds = mostUserIds;
    this.resolution = ResolveLinks.resolve(evidence, mostUserIds);
    resolution.outcomes().forEach((link, outcome) -> outcomes.put(link.key(), outcome));
  }

  /**
   * Explains a person.
   *
   * @param person the evidence that the person keeps
   * @param neighbours that of those who are at the other ends of the person's links
   * @param mostUserIds an identifier seen with more is shared
   */
  public static Explanation explain(Evidence person, List<Evidence> neighbours, int mostUserIds) {
    Evidence.Builder all = new Evidence.Builder().add(person);
    neighbours.forEach(all::add);
    return new ExplainIdentity(all.build(), mostUserIds).explain(person);
  }

  private Explanation explain(Evidence person) {
    List<Explained> links = new TreeSet<>(person.links()).stream().map(this::explain).toList();
    Set<Identifier> own = person.identifiers().keySet();
    Identifier strongest = new TreeSet<>(own).first();
    String summary =
        own.size() == 1
            ? strongest + " is one person alone"
            : "%s and %d more identifiers are one person"
                .formatted(strongest, own.size() - 1)
                .replace("1 more identifiers", "1 more identifier");
    String shared =
        resolution.shared().contains(strongest) && own.size() == 1
            ? " It is shared by many, so it joins nobody."
            : "";
    return new Explanation(
        "%s. Links: %d joined, %d refused, %d withdrawn.%s"
            .formatted(
                summary,
                count(links, Outcome.JOINED),
                count(links, Outcome.REFUSED_TWO_USER_IDS) + count(links, Outcome.REFUSED_SHARED),
                count(links, Outcome.WITHDRAWN),
                shared),
        links);
  }

  private static long count(List<Explained> links, Outcome outcome) {
    return links.stream().filter(link -> link.outcome() == outcome).count();
  }

  private Explained explain(Link link) {
    Outcome outcome = Objects.requireNonNull(outcomes.get(link.key()));
    return new Explained(
        link,
        outcome,
        switch (outcome) {
          case JOINED -> joined(link);
          case REFUSED_TWO_USER_IDS -> refused(link);
          case REFUSED_SHARED -> shared(link);
          case WITHDRAWN -> withdrawn(link);
        });
  }

  private static String joined(Link link) {
    return switch (link.kind()) {
      case EVENT ->
          "Both were in the event %s of %s, which came with a %s."
              .formatted(link.eventId(), link.at(), key(link));
      case ALIAS ->
          "The alias %s of %s, which came with a %s, says that both are one person."
              .formatted(link.eventId(), link.at(), key(link));
      case MERGE -> "They were merged on request on " + link.at() + ".";
    };
  }

  private static String key(Link link) {
    return link.strength() == Link.Strength.CLIENT ? "write key" : "secret key";
  }

  private String refused(Link link) {
    if (resolution.people().stream()
        .anyMatch(one -> one.containsAll(List.of(link.a(), link.b())))) {
      return "It would have made one person of two who each have a user id. They are one because"
          + " they were merged on request.";
    }
    return ("It would make one person of two who each have a user id: %s belongs to %s and %s to"
            + " %s, by evidence that is stronger or older.")
        .formatted(link.a(), ownerOf(link.a()), link.b(), ownerOf(link.b()));
  }

  private String ownerOf(Identifier identifier) {
    return resolution.people().stream()
        .filter(person -> person.contains(identifier))
        .flatMap(List::stream)
        .filter(Identifier::isUserId)
        .findFirst()
        .map(Identifier::toString)
        .orElse("somebody else");
  }

  private String shared(Link link) {
    Identifier shared = resolution.shared().contains(link.a()) ? link.a() : link.b();
    Set<Identifier> userIds = new HashSet<>();
    for (Link other : evidence.links()) {
      if (other.kind() != Link.Kind.MERGE
          && other.key().names(shared)
          && other.other(shared).isUserId()
          && evidence.counts(other)) {
        userIds.add(other.other(shared));
      }
    }
    return "%s was seen with %d user ids or more, and a person has %d at most: it is shared, so it joins nobody."
        .formatted(shared, userIds.size(), mostUserIds);
  }

  private String withdrawn(Link link) {
    Withdrawal withdrawal = evidence.withdrawn().get(link.key());
    if (withdrawal != null) {
      return "It was withdrawn on %s with the key \"%s\" and does not count until it is allowed again."
          .formatted(withdrawal.at(), withdrawal.by());
    }
    Map<Identifier, Instant> resets = evidence.resets();
    Instant first = resets.get(link.a());
    Identifier reset = first != null && !link.at().isAfter(first) ? link.a() : link.b();
    return "%s was reset on %s: what was said of it until then says nothing any more."
        .formatted(reset, resets.get(reset));
  }
}
