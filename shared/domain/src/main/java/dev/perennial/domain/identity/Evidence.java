package dev.perennial.domain.identity;

import dev.perennial.domain.value.Utf8;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of who belongs together. A person keeps all evidence about any of their
 * identifiers, so a link that was refused is kept by the people at both its ends.
 *
 * @param identifiers each with the timestamp of the earliest event that showed it
 * @param links of each {@linkplain Link.Key key} the one that weighs most
 * @param withdrawn links that do not count, whatever says them, until they are allowed again
 * @param resets identifiers that stopped being shared by decree: links of that time or earlier say
 *     nothing of them any more
 */
public record Evidence(
    Map<Identifier, Instant> identifiers,
    Set<Link> links,
    Map<Link.Key, Withdrawal> withdrawn,
    Map<Identifier, Instant> resets) {

  public static final Evidence NONE = new Evidence(Map.of(), Set.of(), Map.of(), Map.of());

  /**
   * That somebody withdrew a link.
   *
   * @param by name of the key that it was done with
   */
  public record Withdrawal(Instant at, String by) {}

  public Evidence {
    identifiers = Map.copyOf(identifiers);
    links = Set.copyOf(links);
    withdrawn = Map.copyOf(withdrawn);
    resets = Map.copyOf(resets);
  }

  /** Everything that any of these says. */
  public static Evidence of(Collection<Evidence> all) {
    Builder builder = new Builder();
    all.forEach(builder::add);
    return builder.build();
  }

  /** What this says about any of those identifiers. */
  public Evidence about(Set<Identifier> members) {
    Map<Identifier, Instant> seen = new HashMap<>(identifiers);
    seen.keySet().retainAll(members);
    Set<Link> touching = new HashSet<>();
    for (Link link : links) {
      if (members.contains(link.a()) || members.contains(link.b())) {
        touching.add(link);
      }
    }
    Map<Link.Key, Withdrawal> barred = new HashMap<>(withdrawn);
    barred.keySet().removeIf(key -> !members.contains(key.a()) && !members.contains(key.b()));
    Map<Identifier, Instant> reset = new HashMap<>(resets);
    reset.keySet().retainAll(members);
    return new Evidence(seen, touching, barred, reset);
  }

  /** This as if nobody had ever named those identifiers. */
  public Evidence without(Set<Identifier> named) {
    Map<Identifier, Instant> seen = new HashMap<>(identifiers);
    seen.keySet().removeAll(named);
    Set<Link> left = new HashSet<>(links);
    left.removeIf(link -> named.contains(link.a()) || named.contains(link.b()));
    Map<Link.Key, Withdrawal> barred = new HashMap<>(withdrawn);
    barred.keySet().removeIf(key -> named.contains(key.a()) || named.contains(key.b()));
    Map<Identifier, Instant> reset = new HashMap<>(resets);
    reset.keySet().removeAll(named);
    return new Evidence(seen, left, barred, reset);
  }

  /** Whether both say the same of who belongs together; they may differ in when who was seen. */
  public boolean sameBonds(Evidence other) {
    return identifiers.keySet().equals(other.identifiers.keySet())
        && links.equals(other.links)
        && withdrawn.equals(other.withdrawn)
        && resets.equals(other.resets);
  }

  /** Whether the link counts: it is not withdrawn, and neither of its ends was reset since. */
  public boolean counts(Link link) {
    return !withdrawn.containsKey(link.key())
        && !isReset(resets.get(link.a()), link)
        && !isReset(resets.get(link.b()), link);
  }

  private static boolean isReset(@Nullable Instant reset, Link link) {
    return reset != null && !link.at().isAfter(reset);
  }

  /** Gathers evidence. */
  public static final class Builder {

    /** Bytes that an identifier takes beside its value, its facet and its trail included, about. */
    private static final int IDENTIFIER_WEIGHT = 80;

    /** Bytes that a link takes beside its message id, about. */
    private static final int LINK_WEIGHT = 40;

    private static final int MOST_WEIGHT = 250_000;

    /** No link weighs more with its ends and the longest message id, nor an identifier. */
    private static final long MOST_EACH =
        LINK_WEIGHT + 3L * 256 + 2 * (IDENTIFIER_WEIGHT + 3L * Identifier.MAX_LENGTH);

    private final Map<Identifier, Instant> identifiers = new HashMap<>();
    private final Map<Link.Key, Link> links = new HashMap<>();
    private final Map<Link.Key, Withdrawal> withdrawn = new HashMap<>();
    private final Map<Identifier, Instant> resets = new HashMap<>();

    /** Adds all that the evidence says. */
    public Builder add(Evidence evidence) {
      evidence.identifiers.forEach(this::see);
      evidence.links.forEach(this::add);
      evidence.withdrawn.forEach(this::withdraw);
      evidence.resets.forEach(this::reset);
      return this;
    }

    /** Adds that the identifier was seen then. */
    public void see(Identifier identifier, Instant at) {
      identifiers.merge(identifier, at, (one, other) -> one.isBefore(other) ? one : other);
    }

    /**
     * Whether there is so much of it that no more should be added: a person must fit an item of 400
     * KB.
     */
    public boolean isFull() {
      if ((links.size() + identifiers.size()) * MOST_EACH <= MOST_WEIGHT) {
        return false;
      }
      long weight = 0;
      for (Link link : links.values()) {
        weight += LINK_WEIGHT + Utf8.length(link.eventId());
      }
      Set<Identifier> named = new HashSet<>(identifiers.keySet());
      links.keySet().forEach(key -> named.addAll(List.of(key.a(), key.b())));
      for (Identifier identifier : named) {
        weight += IDENTIFIER_WEIGHT + Utf8.length(identifier.value());
      }
      return weight > MOST_WEIGHT;
    }

    /** Whether the identifier was ever seen. */
    public boolean knows(Identifier identifier) {
      return identifiers.containsKey(identifier);
    }

    /** Adds a link. */
    public void add(Link link) {
      links.merge(link.key(), link, (one, other) -> one.compareTo(other) <= 0 ? one : other);
    }

    /** Adds a link that somebody asks for, unless one of its key counts already or is withdrawn. */
    public void say(Link link) {
      Link known = links.get(link.key());
      if (known == null || isReset(known)) {
        links.put(link.key(), link);
      }
    }

    private boolean isReset(Link link) {
      return Evidence.isReset(resets.get(link.a()), link)
          || Evidence.isReset(resets.get(link.b()), link);
    }

    /** Bars the link from now on. */
    public void withdraw(Link.Key key, Withdrawal withdrawal) {
      withdrawn.merge(key, withdrawal, (one, other) -> one.at().isBefore(other.at()) ? one : other);
    }

    /** Lets the link count again. */
    public void allow(Link.Key key) {
      withdrawn.remove(key);
    }

    /**
     * Makes the links of that identifier so far say nothing: those up to the time of the latest,
     * for clients' clocks may be behind ours.
     */
    public void reset(Identifier identifier) {
      links.values().stream()
          .filter(link -> link.key().names(identifier))
          .map(Link::at)
          .max(Comparator.naturalOrder())
          .ifPresent(latest -> reset(identifier, latest));
    }

    private void reset(Identifier identifier, Instant at) {
      resets.merge(identifier, at, (one, other) -> one.isAfter(other) ? one : other);
    }

    /** Forgets every link to that identifier. */
    public void forget(Identifier identifier) {
      links.keySet().removeIf(key -> key.names(identifier));
    }

    /** The link of that key; null when there is none. */
    public @Nullable Link link(Link.Key key) {
      return links.get(key);
    }

    public Evidence build() {
      return new Evidence(identifiers, new HashSet<>(links.values()), withdrawn, resets);
    }
  }
}
