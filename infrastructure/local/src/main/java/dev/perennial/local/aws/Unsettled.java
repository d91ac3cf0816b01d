package dev.perennial.local.aws;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The messages that were sent and not deleted since, by their ids, so that nobody need ask each
 * queue whether it is empty. What ends as a dead letter stays until somebody who did ask says so.
 * Safe for use by many threads.
 */
public final class Unsettled {

  private final Set<String> ids = ConcurrentHashMap.newKeySet();

  /** Before whoever sends a message is told that it was sent. */
  public void sent(Collection<String> messages) {
    ids.addAll(messages);
  }

  /** After they were deleted, or ended as dead letters. */
  public void deleted(Collection<String> messages) {
    ids.removeAll(messages);
  }

  public boolean isEmpty() {
    return ids.isEmpty();
  }

  /** The ids as of now. */
  public Set<String> ids() {
    return Set.copyOf(ids);
  }
}
