package dev.perennial.domain.segment;

import dev.perennial.domain.consent.Allowed;
import dev.perennial.domain.profile.Listed;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Reshaping;
import dev.perennial.domain.profile.Span;
import java.time.Duration;
import java.time.Instant;

/** Why a person is evaluated, and by what. */
sealed interface Look {

  /** Events of one batch lie so much apart at most, on a clock that stands. */
  Duration INSTANT = Duration.ofMillis(10);

  /** By all segments, because something happened or is due. */
  record Everything(Cause cause) implements Look {}

  /** By one segment and those that refer to it, because it is new, edited or gone. */
  record Backfill(SegmentId segment) implements Look {}

  /**
   * By one segment that has no condition and those that refer to it, because the person is put into
   * it or taken out.
   */
  record Import(SegmentId segment, Listed said) implements Look {}

  /**
   * The cause of a membership's change that was found. While a segment has not met everybody, what
   * it found then may be new to it only: whoever stood so already when the segment was made or
   * edited does so because of that, and whoever did not because of what came after.
   *
   * @param member what the person became
   */
  default Cause cause(
      Person person, Allowed allowed, Segments segments, SegmentId segment, boolean member) {
    Reshaping reshaping = person.reshaped();
    if (reshaping != null) {
      // Had people met or parted without the events that made them, would it be so too?
      boolean news =
          this instanceof Everything(Cause cause)
              && cause == Cause.EVENT
              && stood(person, allowed, segments, segment, reshaping.since().minus(INSTANT))
                  != member;
      return news ? Cause.EVENT : reshaping.cause();
    }
    Segment.Change change = segments.change(segment);
    return switch (this) {
      case Everything everything ->
          change != null
                  && !person
                      .memberships()
                      .getOrDefault(segment, Membership.NEVER)
                      .since()
                      .isAfter(change.at())
                  // An event of the same instant comes after the change: it is the one looked for.
                  && stood(person, allowed, segments, segment, change.at().minus(INSTANT)) == member
              ? change.cause()
              : everything.cause();
      case Import _ -> Cause.IMPORT;
      case Backfill _ -> {
        if (change == null) {
          yield Cause.EDIT;
        }
        if (stood(person, allowed, segments, segment, change.at()) == member) {
          yield change.cause();
        }
        // The word of that event is still on its way, if it is one.
        yield Span.of(person).last().isAfter(change.at()) ? Cause.EVENT : Cause.TIME;
      }
    };
  }

  /** Whoever was not known then stood nowhere, also where strangers would. */
  private static boolean stood(
      Person person, Allowed allowed, Segments segments, SegmentId segment, Instant before) {
    return person
        .asOf(before)
        .filter(then -> segments.holds(segment, Facts.of(then, allowed), before))
        .isPresent();
  }
}
