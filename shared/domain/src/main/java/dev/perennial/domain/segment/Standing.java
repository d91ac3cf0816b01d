package dev.perennial.domain.segment;

import dev.perennial.domain.consent.Allowed;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Reshaping;
import dev.perennial.domain.timer.Due;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What an evaluation makes of a person.
 *
 * @param person as to be stored
 * @param timer to register before that; null when the registered one fires early enough or none is
 *     needed
 * @param changed whether the person differs from the one evaluated, but for what is forgotten
 * @param forgotten memberships, each long over, of segments that are no more: the person does not
 *     have them any more
 */
record Standing(
    Person person, @Nullable Due timer, boolean changed, Map<SegmentId, Membership> forgotten) {

  /** Older definitions are used by nobody. */
  private static final Duration DEFINITIONS_AGE = Duration.ofMinutes(1);

  /**
   * Evaluates the person.
   *
   * @param clock the evaluation's clock; taken for that of the latest transition when it is behind,
   *     so that evaluations on clocks that differ a little never go back in time
   */
  static Standing of(Person stored, Allowed allowed, Segments segments, Look look, Instant clock) {
    Person person =
        look instanceof Look.Import(var list, var said) ? stored.listed(list, said) : stored;
    Instant now = latest(clock, person.memberships().values());
    Facts facts = Facts.of(person, allowed);
    Set<SegmentId> asked =
        switch (look) {
          case Look.Everything _ -> segments.ids();
          case Look.Backfill backfill -> segments.dependents(backfill.segment());
          case Look.Import put -> segments.dependents(put.segment());
        };
    Evaluation evaluation =
        look instanceof Look.Everything
            ? segments.evaluate(facts, now)
            : segments.evaluate(facts, now, asked);

    Map<SegmentId, Membership> memberships = new HashMap<>(person.memberships());
    List<Transition> outbox = new ArrayList<>(person.outbox());
    for (SegmentId segment : concerned(person, evaluation, asked)) {
      Membership known = memberships.get(segment);
      boolean member = evaluation.members().contains(segment);
      if ((known != null && known.member()) != member) {
        Membership before = known == null ? Membership.before(segments.first(segment)) : known;
        long number = before.number() + 1;
        memberships.put(segment, new Membership(number, now));
        Cause cause = look.cause(person, allowed, segments, segment, member);
        outbox.add(new Transition(person.id(), segment, number, now, cause));
      }
    }

    exits(person, segments, look, memberships, outbox, now);

    Instant registered =
        person.nextDue() != null && person.nextDue().isAfter(now) ? person.nextDue() : null;
    Due timer = null;
    Instant nextDue = person.nextDue();
    if (evaluation.nextChange() != null) {
      Due needed = Due.ofPerson(person.id(), evaluation.nextChange());
      if (registered == null || needed.minute().isBefore(registered)) {
        timer = needed;
        nextDue = needed.minute();
      }
    }
    // Whoever looks at some segments only leaves what became of the rest to be found.
    Reshaping reshaped = look instanceof Look.Everything ? null : person.reshaped();
    boolean changed =
        timer != null
            || !person.equals(stored)
            || !Objects.equals(person.reshaped(), reshaped)
            || outbox.size() > person.outbox().size();
    Map<SegmentId, Membership> forgotten = new HashMap<>(memberships);
    forgotten
        .entrySet()
        .removeIf(
            left ->
                left.getValue().member()
                    || !isGone(left.getKey(), left.getValue().since(), segments, now)
                    // The index has yet to hear of it.
                    || outbox.stream().anyMatch(told -> told.segment().equals(left.getKey())));
    memberships.keySet().removeAll(forgotten.keySet());
    return new Standing(
        withoutIdleWords(person, segments, now).evaluated(memberships, outbox, nextDue, reshaped),
        timer,
        changed,
        forgotten);
  }

  /** Whoever said something of it a moment ago knew definitions that are newer than ours. */
  private static boolean isGone(SegmentId segment, Instant said, Segments segments, Instant now) {
    return !segments.has(segment) && said.isBefore(now.minus(DEFINITIONS_AGE));
  }

  /** What was said of lists that are no more says nothing, even when one is made of that name. */
  private static Person withoutIdleWords(Person person, Segments segments, Instant now) {
    Map<Identifier, Facet> facets = new HashMap<>(person.facets());
    facets.replaceAll(
        (_, facet) ->
            facet.without(word -> isGone(word.getKey(), word.getValue().at(), segments, now)));
    return facets.equals(person.facets()) ? person : person.withFacets(facets);
  }

  /** The segments that the person is in or was in, of those asked about. */
  private static Set<SegmentId> concerned(
      Person person, Evaluation evaluation, Set<SegmentId> asked) {
    Set<SegmentId> concerned = new TreeSet<>(evaluation.members());
    person
        .memberships()
        .forEach(
            (segment, membership) -> {
              if (membership.member() && asked.contains(segment)) {
                concerned.add(segment);
              }
            });
    return concerned;
  }

  /**
   * Ends the memberships of segments that are no more. Unless a backfill says so, whoever entered a
   * moment ago did so by definitions that are newer than ours.
   */
  private static void exits(
      Person person,
      Segments segments,
      Look look,
      Map<SegmentId, Membership> memberships,
      List<Transition> outbox,
      Instant now) {
    new TreeMap<>(person.memberships())
        .forEach(
            (segment, membership) -> {
              boolean gone =
                  switch (look) {
                    case Look.Everything _ -> isGone(segment, membership.since(), segments, now);
                    case Look.Backfill backfill ->
                        backfill.segment().equals(segment) && !segments.has(segment);
                    case Look.Import _ -> false;
                  };
              if (gone && membership.member()) {
                long number = membership.number() + 1;
                memberships.put(segment, new Membership(number, now));
                outbox.add(new Transition(person.id(), segment, number, now, Cause.EDIT));
              }
            });
  }

  private static Instant latest(Instant clock, Collection<Membership> memberships) {
    Instant latest = clock;
    for (Membership membership : memberships) {
      latest = membership.since().isAfter(latest) ? membership.since() : latest;
    }
    return latest;
  }

  /** The person as stored, with everything told. */
  static Person told(Person person) {
    return person.evaluated(person.memberships(), List.of(), person.nextDue(), person.reshaped());
  }
}
