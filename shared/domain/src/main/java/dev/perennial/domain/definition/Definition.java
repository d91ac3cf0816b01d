package dev.perennial.domain.definition;

import dev.perennial.domain.value.Value.Fields;
import java.time.Instant;

/**
 * One version of what the team defined, or what is made of that: see {@link Kind}. Versions are
 * never changed; a change makes the next one.
 *
 * @param id a slug that the team chose, behind {@code tag:} if it is a tag's; of settings and
 *     scores what they are about
 * @param version counts up from 1
 * @param status of the definition as a whole, for example {@code ready} of a segment, {@code draft}
 *     or {@code live} of a journey
 * @param launched the version that runs, since launching one is not the same as making one; 0 when
 *     none was ever launched
 * @param document as put
 * @param at when this version was made; of a segment, when it last came to mean something else
 * @param first the version that it began with: earlier ones are of a former one, which was deleted
 */
public record Definition(
    Kind kind,
    String id,
    int version,
    String status,
    int launched,
    Fields document,
    Instant at,
    int first) {

  /** Status of a journey that runs, and of computed traits, settings and webhooks at once. */
  public static final String LIVE = "live";

  /** Status of a journey in which everybody waits. */
  public static final String PAUSED = "paused";

  /** Status of a segment that everybody was evaluated by, and of content and cuts at once. */
  public static final String READY = "ready";

  /** Status of what the team never put or took back: what is shipped by that name holds. */
  public static final String SHIPPED = "shipped";

  /** Status of a definition that was deleted, of which only versions are left. */
  public static final String DELETED = "deleted";

  /** The first version, of which none was ever launched. */
  public Definition(Kind kind, String id, int version, String status, Fields document, Instant at) {
    this(kind, id, version, status, 0, document, at, version);
  }

  /** Whether what is shipped by that name holds, and not this document. */
  public boolean isShipped() {
    return status.equals(SHIPPED);
  }

  /** What is defined. */
  public enum Kind {
    /** Segments, and the tags that rules give. */
    SEGMENT,
    /** Computed traits. */
    TRAIT,
    CONTENT,
    JOURNEY,
    /** Places that are told of memberships. */
    WEBHOOK,
    /** What holds in the workspace: for messages {@code workspace}, and {@code lifecycle}. */
    SETTINGS,
    /** Cuts between fifths of the customers, which are made nightly. */
    SCORES
  }
}
