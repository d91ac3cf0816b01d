package dev.perennial.domain.profile;

import java.util.Collection;
import java.util.Map;

/** Running totals of the workspace, by name. */
public interface Totals {

  /**
   * The number of people; written by {@link People#save} only, in the same transaction as the
   * people.
   */
  String PROFILES = "profiles";

  /** The number of events applied, repeats not counted. */
  String EVENTS = "events";

  /** The number of events that came about erased people, repeats counted each time. */
  String REFUSED = "events.refused";

  /**
   * The number of events that came under the message id of another that said something else,
   * counted each time. The first one applied stays.
   */
  String DIFFERENT = "events.different";

  /** The number of events that were kept aside, because their owner had too many that day. */
  String QUARANTINED = "events.quarantined";

  /** Adds to a total; a crash between the counted thing and this call loses the addition. */
  void add(String name, long n);

  /** The totals of those names; 0 where nothing was ever added. */
  Map<String, Long> read(Collection<String> names);
}
