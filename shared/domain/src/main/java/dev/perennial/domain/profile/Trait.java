package dev.perennial.domain.profile;

import dev.perennial.domain.value.Utf8;
import dev.perennial.domain.value.Value;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What was said of one trait, or one tag. Of two sayings one prevails, whatever order events arrive
 * in: the latest by (event time, message id), but one that was to be set once only where nothing
 * else was ever said, and of several such the earliest.
 *
 * @param value {@link Value.Null} when the trait was withdrawn
 * @param once whether it was to be set only if nothing was known
 */
public record Trait(Value value, Instant at, String messageId, boolean once) {

  /** Most traits that one owner identifier teaches. */
  public static final int MOST = 200;

  /** Most bytes of a value; a longer one is in the history only. */
  private static final int LONGEST = 1_024;

  private static final int LONGEST_NAME = 128;

  /** Traits that mean something to the platform, and are kept however many others there are. */
  private static final Set<String> MEANINGFUL =
      Set.of(
          Facet.TIMEZONE,
          Facet.LOCALE,
          Facet.PUSH_TOKEN,
          Facet.GROUP_ID,
          "birthday",
          "email",
          "firstName",
          "lastName",
          "name",
          "phone");

  private static final Comparator<String> BY_NAME =
      Comparator.<String, Boolean>comparing(name -> !MEANINGFUL.contains(name))
          .thenComparing(Comparator.naturalOrder());

  private static final Comparator<Trait> BY_AGE =
      Comparator.comparing(Trait::at)
          .thenComparing(Trait::messageId)
          .thenComparing(trait -> trait.value().toString());

  /** A saying that replaces older ones. */
  public Trait(Value value, Instant at, String messageId) {
    this(value, at, messageId, false);
  }

  /**
   * Of too many traits the first by name, so that it is the same whatever order events arrive in:
   * programs that make up names must not make a person too large to store.
   */
  static Map<String, Trait> kept(Map<String, Trait> traits) {
    if (traits.size() <= MOST) {
      return traits;
    }
    Map<String, Trait> kept = new HashMap<>();
    traits.keySet().stream()
        .sorted(BY_NAME)
        .limit(MOST)
        .forEach(name -> kept.put(name, Objects.requireNonNull(traits.get(name))));
    return kept;
  }

  /** Whether a trait of that name and value is kept. */
  boolean fits(String name) {
    return Utf8.length(name) <= LONGEST_NAME && value.weight() <= LONGEST;
  }

  /** Of the two, the one that prevails: one and the same always, whichever is asked. */
  public Trait prevailing(Trait other) {
    if (once != other.once) {
      return once ? other : this;
    }
    return BY_AGE.compare(this, other) >= 0 != once ? this : other;
  }
}
