package dev.perennial.domain.event;

import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Mentions;
import dev.perennial.domain.value.Value.Fields;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Something a person did or that became known of them, as accepted.
 *
 * @param owner the strongest identifier of the event; what the event teaches is kept under it
 * @param others the other identifiers, sorted, none twice, never the owner
 * @param messageId unique per owner; a second event with the same one is a duplicate
 * @param name what was tracked, or the page's or screen's name; null where the type has none
 * @param timestamp when it happened, on the platform's clock, never after {@code receivedAt} by
 *     more than the accepted skew
 * @param receivedAt when it was accepted
 * @param trust who vouches for it
 * @param properties of track, page, screen and group
 * @param traits what the event says of the person, from {@code traits} and {@code context.traits}
 * @param context the parts of Segment's context that are used: {@code timezone}, {@code locale},
 *     {@code campaign}, {@code device}
 * @param stamped whether the timestamp is the platform's: the client gave none, or one that had to
 *     be corrected. Another copy of the event may then have another
 * @param key name of the write key that it came with; null when it came with none
 */
public record Event(
    Identifier owner,
    List<Identifier> others,
    String messageId,
    EventType type,
    @Nullable String name,
    Instant timestamp,
    Instant receivedAt,
    Trust trust,
    Fields properties,
    Fields traits,
    Fields context,
    boolean stamped,
    @Nullable String key) {

  /** Who vouches for an event: a public write key, or a secret key of the team's own servers. */
  public enum Trust {
    SERVER,
    CLIENT
  }

  public Event {
    TreeSet<Identifier> sorted = new TreeSet<>(others);
    sorted.remove(owner);
    others = List.copyOf(sorted);
  }

  /**
   * Whether both say the same: all but when and how they were received, who vouches for them, and
   * the time of one that the platform stamped.
   */
  public boolean saysWhat(Event other) {
    return type == other.type
        && Objects.equals(name, other.name)
        && others.equals(other.others)
        && properties.equals(other.properties)
        && traits.equals(other.traits)
        && context.equals(other.context)
        && (stamped || other.stamped || timestamp.equals(other.timestamp));
  }

  /** This event as if it had never named these others. */
  public Event without(Set<Identifier> named) {
    Mentions mentions = new Mentions(named);
    return new Event(
        owner,
        others.stream().filter(other -> !named.contains(other)).toList(),
        messageId,
        type,
        name,
        timestamp,
        receivedAt,
        trust,
        mentions.without(properties),
        mentions.without(traits),
        mentions.without(context),
        stamped,
        key);
  }

  /** An event with the timestamp that its client gave. */
  public Event(
      Identifier owner,
      List<Identifier> others,
      String messageId,
      EventType type,
      @Nullable String name,
      Instant timestamp,
      Instant receivedAt,
      Trust trust,
      Fields properties,
      Fields traits,
      Fields context) {
    this(
        owner,
        others,
        messageId,
        type,
        name,
        timestamp,
        receivedAt,
        trust,
        properties,
        traits,
        context,
        false,
        null);
  }
}
