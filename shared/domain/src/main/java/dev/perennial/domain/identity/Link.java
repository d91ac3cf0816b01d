package dev.perennial.domain.identity;

import dev.perennial.domain.Digest;
import java.time.Instant;
import java.util.Comparator;

/**
 * Evidence that two identifiers belong to one person: that they were seen together, and the
 * earliest event that says so.
 *
 * @param a the lesser of the two
 * @param b the greater of the two
 * @param eventId the message id of that event, or the id of the explicit merge
 */
public record Link(
    Identifier a, Identifier b, Kind kind, Strength strength, Instant at, String eventId)
    implements Comparable<Link> {

  /** What the evidence was. */
  public enum Kind {
    EVENT,
    ALIAS,
    MERGE
  }

  /** How much it weighs, strongest first. */
  public enum Strength {
    EXPLICIT,
    SERVER,
    CLIENT
  }

  /**
   * What a link is about: of all evidence with one key, the link that weighs most stands. A merge
   * that was asked for has a key of its own, so that taking it back leaves what events said.
   *
   * @param a the lesser of the two
   * @param b the greater of the two
   */
  public record Key(Identifier a, Identifier b, boolean merge) {

    /** A name for it: 26 characters of {@code a-z2-7}. */
    public String id() {
      return merge
          ? Digest.of(a.toString(), b.toString(), "merge")
          : Digest.of(a.toString(), b.toString());
    }

    /** Whether that identifier is one of the two. */
    public boolean names(Identifier identifier) {
      return a.equals(identifier) || b.equals(identifier);
    }
  }

  private static final Comparator<Link> ORDER =
      Comparator.comparing(Link::strength)
          .thenComparing(Link::at)
          .thenComparing(Link::eventId)
          .thenComparing(Link::a)
          .thenComparing(Link::b)
          .thenComparing(Link::kind);

  public Link {
    if (a.compareTo(b) >= 0) {
      throw new IllegalArgumentException("a link joins two identifiers, the lesser first");
    }
  }

  /** The link between the two, whatever their order. */
  public static Link between(
      Identifier one, Identifier other, Kind kind, Strength strength, Instant at, String eventId) {
    return one.compareTo(other) < 0
        ? new Link(one, other, kind, strength, at, eventId)
        : new Link(other, one, kind, strength, at, eventId);
  }

  public Key key() {
    return new Key(a, b, kind == Kind.MERGE);
  }

  /** The end that is not this one. */
  public Identifier other(Identifier end) {
    return end.equals(a) ? b : a;
  }

  /**
   * The order in which links unite people: strength, then event time, then event id, then
   * identifiers.
   */
  @Override
  public int compareTo(Link other) {
    return ORDER.compare(this, other);
  }
}
