package dev.perennial.local.providers;

import dev.perennial.topology.Grant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Failures that the next calls of a provider meet, in the order in which they were armed. Safe for
 * use by many threads.
 */
public final class ProviderFaults {

  /** One way for a call to fail. */
  public enum Fault {
    /** Accepted and recorded, then the connection drops. */
    LOST_REPLY("lostReply"),
    /** The connection drops before anything is accepted. */
    RESET("reset"),
    /** Refused with status 500. */
    SERVER_ERROR("500"),
    /** Refused with status 429. */
    THROTTLE("throttle"),
    /** Accepted and recorded, answered {@link #SLOWNESS_SECONDS} later. */
    SLOW("slow");

    /** How late a slow answer comes: a sender waits for 10 seconds. */
    public static final int SLOWNESS_SECONDS = 12;

    private final String title;

    Fault(String title) {
      this.title = title;
    }

    /** Name in the HTTP API, for example {@code lostReply}. */
    public String title() {
      return title;
    }

    /** The fault of that name, if there is one. */
    public static Optional<Fault> titled(String title) {
      return Arrays.stream(values()).filter(fault -> fault.title.equals(title)).findFirst();
    }
  }

  private final Map<Grant.Provider, Deque<Fault>> armed = new EnumMap<>(Grant.Provider.class);

  /** Lets the next calls of a provider fail, after those armed before. */
  public synchronized void arm(Grant.Provider provider, Fault fault, int times) {
    armed
        .computeIfAbsent(provider, _ -> new ArrayDeque<>())
        .addAll(Collections.nCopies(times, fault));
  }

  /** What the next calls of each provider will meet, in that order. */
  public synchronized Map<Grant.Provider, List<Fault>> armed() {
    Map<Grant.Provider, List<Fault>> copy = new EnumMap<>(Grant.Provider.class);
    armed.forEach((provider, faults) -> copy.put(provider, List.copyOf(faults)));
    return copy;
  }

  /** Ends all faults. */
  public synchronized void clear() {
    armed.clear();
  }

  synchronized Optional<Fault> take(Grant.Provider provider) {
    Deque<Fault> faults = armed.get(provider);
    return faults == null ? Optional.empty() : Optional.ofNullable(faults.poll());
  }
}
