package dev.perennial.topology;

/**
 * A DynamoDB table: partition key {@code pk} and sort key {@code sk}, both strings, billed per
 * request.
 *
 * @see <a href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html">Time to
 *     live</a>
 */
public enum Table {
  /** Person items, identifier pointers, consent, suppressions. */
  PEOPLE("People"),
  /** Pages of past events per owner identifier. */
  HISTORY("History"),
  /** Who is due when: due day and shard, sorted by minute. */
  TIMERS("Timers"),
  /** Enrollments per person. */
  JOURNEYS("Journeys"),
  /** Intents, their attempts and decisions. */
  SENDS("Sends"),
  /** Segments, content, journeys, keys, totals, and the member index. */
  DEFINITIONS("Definitions");

  /**
   * Attribute that holds the epoch second after which an item may vanish; every table honours it.
   */
  public static final String TTL_ATTRIBUTE = "ttl";

  private final String title;

  Table(String title) {
    this.title = title;
  }

  /** Name within a stage, for example {@code People}. */
  public String title() {
    return title;
  }

  /**
   * Environment variable that tells a function the physical name, for example {@code TABLE_PEOPLE}.
   */
  public String variable() {
    return "TABLE_" + name();
  }
}
