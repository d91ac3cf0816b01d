package dev.perennial.domain.segment;

import dev.perennial.domain.consent.Allowed;
import dev.perennial.domain.consent.Consents;
import dev.perennial.domain.profile.History;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Population;
import dev.perennial.domain.profile.Population.Stretch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks a sample of the people, and nothing is stored. Who is in the sample depends on hashes only,
 * so it is as good as any.
 */
public final class PreviewSegment {

  /** How many people are asked, at least, when there are so many. */
  private static final int SAMPLE = 200;

  /** How many items are looked at in one step. */
  private static final int STRETCH = 200;

  private static final int SHARDS = 16;

  private final Population population;
  private final History history;
  private final Consents consents;
  private final String workspace;

  /**
   * What a sample says.
   *
   * @param asked how many people
   * @param met how many of them meet the condition
   * @param everybody whether these were all people there are
   */
  public record Preview(int asked, int met, boolean everybody) {}

  public PreviewSegment(
      Population population, History history, Consents consents, String workspace) {
    this.population = population;
    this.history = history;
    this.consents = consents;
    this.workspace = workspace;
  }

  /**
   * Asks whether people meet that segment.
   *
   * @param segments the live ones and the one that is asked for
   */
  public Preview preview(SegmentId asked, Segments segments, Instant now) {
    List<Person> sample = new ArrayList<>();
    boolean everybody = sample(sample);
    int met = 0;
    for (Person person : sample) {
      if (segments.holds(asked, facts(person, segments), now)) {
        met++;
      }
    }
    return new Preview(sample.size(), met, everybody);
  }

  /** Why the person is in that segment, or is not. */
  public Explanation explain(SegmentId asked, Segments segments, Person person, Instant now) {
    return segments.explain(asked, facts(person, segments), now);
  }

  private Facts facts(Person person, Segments segments) {
    Person counted =
        person.counts(segments.counters()) ? person : person.counting(segments.counters(), history);
    return Facts.of(
        counted,
        segments.readConsent() ? Allowed.of(person, workspace, consents) : Allowed.NOTHING);
  }

  private boolean sample(List<Person> sample) {
    for (int shard = 0; shard < SHARDS; shard++) {
      @Nullable String cursor = null;
      do {
        if (sample.size() >= SAMPLE) {
          return false;
        }
        Stretch stretch = population.walk(shard, SHARDS, STRETCH, cursor);
        sample.addAll(stretch.people());
        cursor = stretch.cursor();
      } while (cursor != null);
    }
    return true;
  }
}
