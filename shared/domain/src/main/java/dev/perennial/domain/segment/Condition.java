package dev.perennial.domain.segment;

import dev.perennial.domain.consent.Consent.Decision;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.profile.CustomerStage;
import dev.perennial.domain.profile.Lifecycle;
import dev.perennial.domain.profile.LifecycleRules;
import dev.perennial.domain.segment.Rfm.Dimension;
import dev.perennial.domain.segment.Rfm.Tier;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A question about one person at one instant, answered yes or no. Time enters in three ways, and
 * {@code P1D} is always 24 hours:
 *
 * <ul>
 *   <li>An event counts from its timestamp on: one whose timestamp is still to come does not count
 *       yet.
 *   <li>A window of length {@code w} holds the events with {@code now − w < timestamp ≤ now}: an
 *       event leaves it at the very instant {@code timestamp + w}.
 *   <li>Something is more than {@code d} ago when {@code timestamp < now − d}, and not newer than
 *       {@code d} when {@code timestamp ≤ now − d}.
 * </ul>
 */
public sealed interface Condition {

  /**
   * Hands over every part that is no conjunction, disjunction or negation, from left to right, and
   * those parts that words stand for.
   */
  static void forEachLeaf(Condition condition, Consumer<Condition> action) {
    switch (condition) {
      case All all -> all.parts().forEach(part -> forEachLeaf(part, action));
      case Any any -> any.parts().forEach(part -> forEachLeaf(part, action));
      case Not not -> forEachLeaf(not.part(), action);
      case OfTrait _,
          OfEvents _,
          LastBefore _,
          FirstBefore _,
          Inactive _,
          Sequence _,
          NotFollowedBy _,
          OfDate _,
          InLifecycle _,
          OfComputed _,
          InTier _,
          OfRfm _,
          Reachable _,
          OfConsent _,
          Imported _,
          InSegment _ ->
          action.accept(condition);
      case OfTag tag -> {
        action.accept(tag);
        forEachLeaf(tag.given(), action);
      }
      case InStage in -> {
        action.accept(in);
        forEachLeaf(in.meaning(), action);
      }
    }
  }

  /** Every part holds; so does a list without parts. */
  record All(List<Condition> parts) implements Condition {
    /** Everybody meets it. */
    static final All ALWAYS = new All(List.of());

    public All {
      parts = List.copyOf(parts);
    }
  }

  /** Some part holds; none does in a list without parts. */
  record Any(List<Condition> parts) implements Condition {
    /** Nobody meets it. */
    static final Any NEVER = new Any(List.of());

    public Any {
      parts = List.copyOf(parts);
    }
  }

  /** The part does not hold. */
  record Not(Condition part) implements Condition {}

  /** A trait of the profile is so. */
  record OfTrait(String name, Comparisons is) implements Condition {}

  /**
   * A tag of the person is so; a tag has a value, {@code true} unless one was given.
   *
   * @param given what decides for whoever has no tag of that name by hand
   */
  record OfTag(String name, Comparisons is, Condition given) implements Condition {
    /** Of a tag that no rule gives. */
    public OfTag(String name, Comparisons is) {
      this(name, is, is.meets(null) ? All.ALWAYS : Any.NEVER);
    }
  }

  /** A computed trait is so. */
  record OfComputed(String name, Comparisons is, Formula formula) implements Condition {
    /** Of one that is not defined. */
    public OfComputed(String name, Comparisons is) {
      this(name, is, new Formula.Nothing());
    }
  }

  /**
   * A number computed from events is so.
   *
   * @param within length of the window; null for all time up to now
   * @param property whose values are aggregated, by dotted path, from the events that have it as a
   *     number, or for {@link Aggregate#DISTINCT} as a text, a number or a truth; null for {@link
   *     Aggregate#COUNT} only
   */
  record OfEvents(
      EventFilter events,
      @Nullable Duration within,
      Aggregate aggregate,
      @Nullable String property,
      Comparisons is)
      implements Condition {
    public OfEvents {
      if ((property == null) != (aggregate == Aggregate.COUNT)) {
        throw new IllegalArgumentException("every aggregate but the count is that of a property");
      }
    }
  }

  /** There was such an event, and the latest was more than {@code age} ago. */
  record LastBefore(EventFilter events, Duration age) implements Condition {}

  /** There was such an event, and the first was more than {@code age} ago. */
  record FirstBefore(EventFilter events, Duration age) implements Condition {}

  /** There was some event, of any type, and none is newer than {@code age}. */
  record Inactive(Duration age) implements Condition {}

  /**
   * The steps happened one after the other, each later than the one before. What was done stays
   * done.
   *
   * @param steps two or more
   * @param within longest time from the first step to the last, the end included; null when any is
   *     good
   */
  record Sequence(List<EventFilter> steps, @Nullable Duration within) implements Condition {
    public Sequence {
      steps = List.copyOf(steps);
      if (steps.size() < 2) {
        throw new IllegalArgumentException("a sequence has steps");
      }
    }
  }

  /**
   * There was such an event, the latest was {@code within} ago or longer, and none of the others
   * came in that time after it, the end included.
   */
  record NotFollowedBy(EventFilter events, EventFilter by, Duration within) implements Condition {}

  /**
   * Today, by the calendar of the person's time zone (the trait {@code timezone}, UTC when there is
   * no such zone), is that many days after the date in a trait. A date is a text: a date, a local
   * time, an instant, which has the date of the person's zone, or, where the year does not matter,
   * a day without a year such as {@code --02-29}. The 29 February is the 28 in other years.
   *
   * @param days after the date; negative before it
   * @param yearly whether the year of the date does not matter
   */
  record OfDate(String trait, int days, boolean yearly) implements Condition {}

  /** The person is at that point of the lifecycle. */
  record InLifecycle(Lifecycle lifecycle, LifecycleRules rules) implements Condition {
    /** By the rules that are shipped. */
    public InLifecycle(Lifecycle lifecycle) {
      this(lifecycle, LifecycleRules.SHIPPED);
    }
  }

  /**
   * The person has come that far, and no further.
   *
   * @param meaning what that is
   */
  record InStage(CustomerStage stage, Condition meaning) implements Condition {
    /** Where nothing is said of stages. */
    public InStage(CustomerStage stage) {
      this(stage, Any.NEVER);
    }
  }

  /** The person's value tier is that. Nobody has one without an order in the last year. */
  record InTier(Tier tier) implements Condition {}

  /** The person's scores are so; at least one is asked for. */
  record OfRfm(Map<Dimension, Comparisons> is) implements Condition {
    public OfRfm {
      is = Collections.unmodifiableMap(new EnumMap<>(is));
    }
  }

  /** The person has, or has not, an address to use on that channel. */
  record Reachable(Channel channel, boolean reachable) implements Condition {}

  /**
   * What the person decided last about that channel and topic.
   *
   * @param decision null for nothing
   */
  record OfConsent(Channel channel, String topic, @Nullable Decision decision)
      implements Condition {}

  /** The person meets the condition of another segment; nobody meets that of an unknown one. */
  record InSegment(SegmentId segment) implements Condition {}

  /** The person was imported into the segment that this is the whole condition of. */
  record Imported() implements Condition {}

  /** How many events make one number. */
  enum Aggregate {
    /** How many events there are. */
    COUNT,
    /** 0 when no event has the property. */
    SUM,
    /** Rounded to 34 significant digits; absent when no event has the property. */
    AVG,
    /** Absent when no event has the property. */
    MIN,
    /** Absent when no event has the property. */
    MAX,
    /** How many different values there are, at most {@link Series#MOST_KINDS}. */
    DISTINCT
  }
}
