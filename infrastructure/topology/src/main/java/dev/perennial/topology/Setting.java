package dev.perennial.topology;

/**
 * What a stage may tell the functions that read it. A function that is told nothing has a value of
 * its own.
 */
public enum Setting {
  /** How long identifiers of the erased stay refused: an ISO-8601 duration of at least a day. */
  ERASED_REFUSED_FOR("erasedRefusedFor"),
  /** An identifier seen with more user ids is shared. */
  MOST_USER_IDS("mostUserIds"),
  /** Events of one owner that are applied on a day. */
  QUARANTINE_BEYOND("quarantineBeyond");

  private final String title;

  Setting(String title) {
    this.title = title;
  }

  /** Name in the CDK context, for example {@code mostUserIds}. */
  public String title() {
    return title;
  }

  /** Environment variable that tells a function, for example {@code MOST_USER_IDS}. */
  public String variable() {
    return name();
  }
}
