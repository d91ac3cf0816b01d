package dev.perennial.domain.segment;

import dev.perennial.domain.Page;
import dev.perennial.domain.identity.PersonId;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The index of who is in which segment, for people to look at; no decision reads it. It follows the
 * transitions a moment later.
 */
public interface Members {

  /**
   * Makes the index follow the transitions. Those it knows already, by their numbers, change
   * nothing, not even when they come after later ones.
   */
  void apply(Collection<Transition> transitions);

  /**
   * Forgets that the person of that id, who is a member no more, ever was one. Transitions that
   * come after that count as the first.
   */
  void forget(PersonId person, SegmentId segment);

  /** As {@link #forget(PersonId, SegmentId)}, unless the latest transition is another by now. */
  void forget(PersonId person, SegmentId segment, long number);

  /**
   * How many members the segment has, as of the latest {@link #apply}: exactly as many as {@link
   * #list} has in all.
   */
  long size(SegmentId segment);

  /** The sizes of several segments, a moment old at worst, at a fraction of the price. */
  Map<SegmentId, Long> sizes(Collection<SegmentId> segments);

  /**
   * Members of the segment in no particular order.
   *
   * @param limit how many at most
   * @param cursor where to go on, from the page before; null for the first page
   * @throws IllegalArgumentException when the cursor is not from a page of this list
   */
  Page<Member> list(SegmentId segment, int limit, @Nullable String cursor);

  /**
   * A member.
   *
   * @param since when the person entered
   */
  record Member(PersonId person, Instant since) {}
}
