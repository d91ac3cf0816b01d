package dev.perennial.domain.segment;

import dev.perennial.domain.consent.Consent.Decision;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.segment.Condition.Aggregate;
import dev.perennial.domain.segment.Series.Point;
import dev.perennial.domain.value.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * A condition ready to be asked: counters named by their ids, other segments by what they ask.
 * {@link Condition} says what each form means.
 */
sealed interface Question
    permits Question.All,
        Question.Any,
        Question.Not,
        Question.OfTrait,
        Question.OfTag,
        Question.OfSegment,
        Question.OfEvents,
        Question.LastBefore,
        Question.FirstBefore,
        Question.Inactive,
        Question.Reachable,
        Question.OfConsent,
        Question.Imported,
        AtLifecycle,
        OfComputed,
        OfScores,
        OnDate,
        StepsInOrder,
        Unfollowed {

  /** The smallest step of time: what is true "after" an instant is true from one step later on. */
  Duration INSTANT = Duration.ofNanos(1);

  /** Whether it holds at that moment. */
  boolean holds(Moment moment);

  /**
   * The earliest instant after the moment at which some part is answered otherwise than at it, if
   * nothing but time changes; null when there is none.
   */
  @Nullable Instant nextFlip(Moment moment);

  /** Every part holds. */
  record All(List<Question> parts) implements Question {
    @Override
    public boolean holds(Moment moment) {
      for (Question part : parts) {
        if (!part.holds(moment)) {
          return false;
        }
      }
      return true;
    }

    @Override
    public @Nullable Instant nextFlip(Moment moment) {
      return earliestFlip(parts, moment);
    }
  }

  /** Some part holds. */
  record Any(List<Question> parts) implements Question {
    /** Nobody meets it. */
    static final Any NEVER = new Any(List.of());

    @Override
    public boolean holds(Moment moment) {
      for (Question part : parts) {
        if (part.holds(moment)) {
          return true;
        }
      }
      return false;
    }

    @Override
    public @Nullable Instant nextFlip(Moment moment) {
      return earliestFlip(parts, moment);
    }
  }

  /** The part does not hold. */
  record Not(Question part) implements Question {
    @Override
    public boolean holds(Moment moment) {
      return !part.holds(moment);
    }

    @Override
    public @Nullable Instant nextFlip(Moment moment) {
      return part.nextFlip(moment);
    }
  }

  /** A trait is so. */
  record OfTrait(String name, Comparisons is) implements Question {
    @Override
    public boolean holds(Moment moment) {
      return is.meets(moment.facts().traits().get(name));
    }

    @Override
    public @Nullable Instant nextFlip(Moment moment) {
      return null;
    }
  }

  /**
   * A tag is so.
   *
   * @param given decides for whoever has none by hand
   */
  record OfTag(String name, Comparisons is, Question given) implements Question {
    @Override
    public boolean holds(Moment moment) {
      Value tag = moment.facts().tags().get(name);
      return tag == null ? given.holds(moment) : is.meets(tag);
    }

    @Override
    public @Nullable Instant nextFlip(Moment moment) {
      return moment.facts().tags().containsKey(name) ? null : given.nextFlip(moment);
    }
  }

  /** There is, or is not, an address on a channel. */
  record Reachable(Channel channel, boolean reachable) implements Question {
    @Override
    public boolean holds(Moment moment) {
      return moment.facts().channels().contains(channel) == reachable;
    }

    @Override
    public @Nullable Instant nextFlip(Moment moment) {
      return null;
    }
  }

  /** The latest decision about a channel and topic is so. */
  record OfConsent(Channel channel, String topic, @Nullable Decision decision) implements Question {
    @Override
    public boolean holds(Moment moment) {
      return moment.facts().permissions().decision(channel, topic).orElse(null) == decision;
    }

    @Override
    public @Nullable Instant nextFlip(Moment moment) {
      return null;
    }
  }

  /**
   * The person is on the list.
   *
   * @param first version of it: what was said of earlier ones is about a former list of that id
   */
  record Imported(SegmentId id, int first) implements Question {
    @Override
    public boolean holds(Moment moment) {
      Integer said = moment.facts().lists().get(id);
      return said != null && said >= first;
    }

    @Override
    public @Nullable Instant nextFlip(Moment moment) {
      return null;
    }
  }

  /** The person meets the condition of another segment. */
  record OfSegment(SegmentId id, Question question) implements Question {
    @Override
    public boolean holds(Moment moment) {
      return moment.holds(this);
    }

    @Override
    public @Nullable Instant nextFlip(Moment moment) {
      return moment.nextFlip(this);
    }
  }

  /** A number computed from counted points is so. */
  record OfEvents(CounterId counter, @Nullable Duration within, Aggregate aggregate, Comparisons is)
      implements Question {
    @Override
    public boolean holds(Moment moment) {
      return is.meets(
          Window.number(moment.series(counter).points(), within, moment.now(), aggregate));
    }

    @Override
    public @Nullable Instant nextFlip(Moment moment) {
      Window window = window(moment);
      boolean before = is.meets(window.number(aggregate));
      for (Instant at = window.nextChange(); at != null; at = window.nextChange()) {
        window.advance(at);
        if (is.meets(window.number(aggregate)) != before) {
          return at;
        }
      }
      return null;
    }

    private Window window(Moment moment) {
      return new Window(moment.series(counter).points(), within, moment.now());
    }
  }

  /** The latest counted point was more than {@code age} ago. */
  record LastBefore(CounterId counter, Duration age) implements Question {
    @Override
    public boolean holds(Moment moment) {
      Instant last = moment.series(counter).points().floorKey(moment.now());
      return last != null && last.isBefore(moment.now().minus(age));
    }

    @Override
    public @Nullable Instant nextFlip(Moment moment) {
      NavigableMap<Instant, Point> points = moment.series(counter).points();
      Instant last = points.floorKey(moment.now());
      if (last == null) {
        last = points.higherKey(moment.now());
      } else if (last.isBefore(moment.now().minus(age))) {
        return points.higherKey(moment.now());
      }
      if (last == null) {
        return null;
      }
      Instant aged = last.plus(age).plus(INSTANT);
      for (Instant next = points.higherKey(last);
          next != null && !next.isAfter(aged);
          next = points.higherKey(next)) {
        aged = next.plus(age).plus(INSTANT);
      }
      return aged;
    }
  }

  /** The first counted point was more than {@code age} ago. */
  record FirstBefore(CounterId counter, Duration age) implements Question {
    @Override
    public boolean holds(Moment moment) {
      NavigableMap<Instant, Point> points = moment.series(counter).points();
      return !points.isEmpty() && points.firstKey().isBefore(moment.now().minus(age));
    }

    @Override
    public @Nullable Instant nextFlip(Moment moment) {
      NavigableMap<Instant, Point> points = moment.series(counter).points();
      return points.isEmpty() || holds(moment) ? null : points.firstKey().plus(age).plus(INSTANT);
    }
  }

  /** The latest event of all was {@code age} ago or longer. */
  record Inactive(Duration age) implements Question {
    @Override
    public boolean holds(Moment moment) {
      Instant lastSeen = moment.facts().lastSeen();
      return lastSeen != null && !lastSeen.isAfter(moment.now().minus(age));
    }

    @Override
    public @Nullable Instant nextFlip(Moment moment) {
      Instant lastSeen = moment.facts().lastSeen();
      return lastSeen == null || holds(moment) ? null : lastSeen.plus(age);
    }
  }

  private static @Nullable Instant earliestFlip(List<Question> parts, Moment moment) {
    Instant earliest = null;
    for (Question part : parts) {
      Instant flip = part.nextFlip(moment);
      if (flip != null && (earliest == null || flip.isBefore(earliest))) {
        earliest = flip;
      }
    }
    return earliest;
  }
}
