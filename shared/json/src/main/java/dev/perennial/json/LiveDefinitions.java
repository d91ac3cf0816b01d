package dev.perennial.json;

import dev.perennial.domain.definition.Catalog;
import dev.perennial.domain.definition.Definition;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.definition.Definitions;
import dev.perennial.domain.segment.BackfillSegment;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.segment.Condition;
import dev.perennial.domain.segment.Counters;
import dev.perennial.domain.segment.Rfm;
import dev.perennial.domain.segment.ScoreCustomers;
import dev.perennial.domain.segment.Segment;
import dev.perennial.domain.segment.Segment.Change;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Segments;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Text;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the event path makes of the definitions that are live. */
public final class LiveDefinitions {

  private static final String LIVE = "live";

  private LiveDefinitions() {}

  /** What recording an event must know. */
  public static Catalog catalog(Definitions definitions) {
    // The version first: at worst it is older than what it stands for.
    long version = definitions.catalogVersion();
    return new Catalog(
        version, Counters.of(conditions(definitions).values()), listenedEvents(definitions));
  }

  /** What evaluating a profile must know. */
  public static Segments segments(Definitions definitions) {
    Rfm rfm = rfm(definitions);
    return Segments.of(live(definitions, rfm), rfm);
  }

  /** The same, with one more segment. */
  public static Segments segments(Definitions definitions, SegmentId id, Condition condition) {
    Rfm rfm = rfm(definitions);
    List<Segment> all = new ArrayList<>(live(definitions, rfm));
    all.add(new Segment(id, condition, null));
    return Segments.of(all, rfm);
  }

  private static @Nullable Rfm rfm(Definitions definitions) {
    return definitions
        .find(Kind.SCORES, ScoreCustomers.CUTS)
        .map(cuts -> RfmCodec.read(cuts.document()))
        .orElse(null);
  }

  private static List<Segment> live(Definitions definitions, @Nullable Rfm rfm) {
    return definitions.list(Kind.SEGMENT).stream()
        .map(definition -> segment(definition, rfm))
        .toList();
  }

  /** The conditions of all segments. */
  public static Map<SegmentId, Condition> conditions(Definitions definitions) {
    Map<SegmentId, Condition> conditions = new LinkedHashMap<>();
    for (Definition segment : definitions.list(Kind.SEGMENT)) {
      conditions.put(new SegmentId(segment.id()), SegmentCodec.read(segment.document()));
    }
    return conditions;
  }

  private static Segment segment(Definition definition, @Nullable Rfm rfm) {
    Condition condition = SegmentCodec.read(definition.document());
    // Cuts that were made after a segment change it as an edit does.
    Instant at =
        rfm != null && rfm.at().isAfter(definition.at()) && Segments.asksForScores(condition)
            ? rfm.at()
            : definition.at();
    return new Segment(
        new SegmentId(definition.id()),
        condition,
        switch (definition.status()) {
          case BackfillSegment.BACKFILLING -> new Change(at, Cause.BACKFILL);
          case BackfillSegment.EDITING -> new Change(at, Cause.EDIT);
          default -> null;
        });
  }

  private static Set<String> listenedEvents(Definitions definitions) {
    Set<String> events = new HashSet<>(Set.of(ConsentCodec.EVENT));
    for (Definition journey : definitions.list(Kind.JOURNEY)) {
      if (journey.status().equals(LIVE)) {
        launched(definitions, journey)
            .map(document -> document.at("trigger.event"))
            .ifPresent(
                event -> {
                  if (event instanceof Text name) {
                    events.add(name.text());
                  }
                });
      }
    }
    return events;
  }

  /** The document of the journey's version that runs, of a journey that was launched. */
  public static Optional<Fields> launched(Definitions definitions, Definition journey) {
    return journey.launched() == 0 || journey.launched() == journey.version()
        ? Optional.of(journey.document())
        : definitions
            .find(Kind.JOURNEY, journey.id(), journey.launched())
            .map(Definition::document);
  }
}
