package dev.perennial.topology;

import java.time.Duration;

/**
 * An SQS standard queue with a dead-letter queue of its own, named {@code <title>-dead}. A message
 * that was received {@link #MAX_RECEIVES} times without success moves there.
 */
public enum Queue {
  /** Accepted events, one message per owner identifier and request. */
  EVENTS("events", Duration.ofSeconds(30)),
  /** People whose profile changed. */
  PROFILE_CHANGES("profile-changes", Duration.ofSeconds(30)),
  /** Membership transitions by events, and events that a live journey listens to. */
  TRIGGERS("triggers", Duration.ofSeconds(30)),
  /** Membership transitions that a crowd may make at once: by time, an edit, an import, a merge. */
  CROWD_TRIGGERS("crowd-triggers", Duration.ofSeconds(30)),
  /** People for whom time alone may have changed a membership. */
  DUE_PEOPLE("due-people", Duration.ofSeconds(30)),
  /** Enrollments whose wait is over. */
  DUE_ENROLLMENTS("due-enrollments", Duration.ofSeconds(30)),
  /** Visits that erase a person. */
  ERASURES("erasures", Duration.ofSeconds(60)),
  /** Shards of people to evaluate by a segment that is new, edited or gone. */
  BACKFILLS("backfills", Duration.ofSeconds(60)),
  /** Memberships by events to tell other systems of. */
  WEBHOOKS("webhooks", Duration.ofSeconds(60)),
  /** Those that a crowd may make at once, and all for systems that answer slowly. */
  CROWD_WEBHOOKS("crowd-webhooks", Duration.ofSeconds(60)),
  /** Messages to send because of what somebody did just now, or because a team asks. */
  MESSAGES("messages", Duration.ofSeconds(60)),
  /** Messages to send that a crowd may ask for at once. */
  BULK_MESSAGES("bulk-messages", Duration.ofSeconds(60)),
  /** Messages that were deferred and may go now. */
  DUE_SENDS("due-sends", Duration.ofSeconds(60)),
  /** What providers tell of messages, and what people answer. */
  RECEIPTS("receipts", Duration.ofSeconds(30));

  /** Receives after which a message is dead. */
  public static final int MAX_RECEIVES = 5;

  private final String title;
  private final Duration functionTimeout;

  Queue(String title, Duration functionTimeout) {
    this.title = title;
    this.functionTimeout = functionTimeout;
  }

  /** Name within a stage, for example {@code profile-changes}. */
  public String title() {
    return title;
  }

  /** Name of its dead-letter queue within a stage. */
  public String deadLetterTitle() {
    return title + "-dead";
  }

  /** Longest time that a function may work on one batch. */
  public Duration functionTimeout() {
    return functionTimeout;
  }

  /**
   * How long a received message stays hidden on AWS: six times the function's timeout, as Lambda's
   * documentation asks.
   */
  public Duration visibility() {
    return functionTimeout.multipliedBy(6);
  }

  /**
   * Environment variable that tells a function the queue's URL, for example {@code QUEUE_EVENTS}.
   */
  public String variable() {
    return "QUEUE_" + name();
  }
}
