package dev.perennial.functions.segments;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.definition.Definition;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.definition.Definitions;
import dev.perennial.domain.segment.Backfill;
import dev.perennial.domain.segment.Backfill.Work;
import dev.perennial.domain.segment.BackfillSegment;
import dev.perennial.domain.segment.RulesChange;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.json.BackfillCodec;
import dev.perennial.json.Json;
import dev.perennial.testkit.InMemoryDefinitions;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class StartBackfillsTest {

  private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");
  private static final RulesChange EDIT = new RulesChange(NOON, null);

  private final InMemoryDefinitions definitions = new InMemoryDefinitions();
  private final List<Work> works = new ArrayList<>();

  private StartBackfills over(Definitions store) {
    return new StartBackfills(store, works::addAll, _ -> {}, () -> NOON.plusSeconds(1));
  }

  private void segment(String id, String where, Instant at) {
    definitions.put(
        Kind.SEGMENT, id, (Fields) Json.read("{\"where\":" + where + "}"), Definition.READY, at);
  }

  /** The definitions, while somebody else does that once the segments were listed. */
  private Definitions meanwhile(Runnable other) {
    return (Definitions)
        Proxy.newProxyInstance(
            Definitions.class.getClassLoader(),
            new Class<?>[] {Definitions.class},
            (_, method, arguments) -> {
              try {
                Object answer = method.invoke(definitions, arguments);
                if (method.getName().equals("list") && arguments[0] == Kind.SEGMENT) {
                  other.run();
                }
                return answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void whatAsksForWhatChangedIsMadeAnew() {
    segment("gone", "{\"not\":{\"lifecycle\":\"active\"}}", NOON);
    segment("buyers", "{\"stage\":\"conversion\"}", NOON);
    segment("sleepers", "{\"tag\":\"dormant\"}", NOON);
    segment("rich", "{\"computed\":\"arpu\",\"gte\":3}", NOON);
    segment("others", "{\"event\":\"Order Completed\"}", NOON);

    assertThat(over(definitions).startAll(EDIT, () -> false)).isEmpty();

    List<Work> expected = new ArrayList<>();
    for (String id : List.of("buyers", "gone", "sleepers")) {
      expected.addAll(new Backfill(new SegmentId(id), 2, false).works());
    }
    assertThat(works).isEqualTo(expected);
    assertThat(definitions.find(Kind.SEGMENT, "gone").orElseThrow().status())
        .isEqualTo(BackfillSegment.EDITING);

    // Whoever crashed before everybody knew says it again.
    works.clear();
    over(definitions).startAll(EDIT, () -> false);
    assertThat(works).isEqualTo(expected);

    works.clear();
    over(definitions).startAll(new RulesChange(NOON, "arpu"), () -> false);
    assertThat(works).isEqualTo(new Backfill(new SegmentId("rich"), 2, false).works());
  }

  @Test
  void whenTimeIsShortTheRestIsLeft() {
    for (int i = 0; i < 5; i++) {
      segment("s" + i, "{\"lifecycle\":\"new\"}", NOON);
    }
    Optional<RulesChange> left = Optional.of(EDIT);
    int rounds = 0;

    while (left.isPresent()) {
      RulesChange message = BackfillCodec.readRulesChange(BackfillCodec.writeMessage(left.get()));
      left = over(definitions).startAll(message, () -> true);
      rounds++;
    }

    assertThat(rounds).isEqualTo(6);
    assertThat(works).hasSize(5 * Backfill.SHARDS).doesNotHaveDuplicates();
  }

  @Test
  void whatIsEditedMeanwhileStays() {
    segment("z", "{\"lifecycle\":\"new\"}", NOON);

    over(meanwhile(() -> segment("z", "{\"lifecycle\":\"dormant\"}", NOON.plusMillis(1))))
        .startAll(EDIT, () -> false);

    Definition newest = definitions.find(Kind.SEGMENT, "z").orElseThrow();
    assertThat(Json.text(newest.document())).contains("dormant");
  }

  @Test
  void whatIsDeletedMeanwhileStaysSo() {
    segment("z", "{\"lifecycle\":\"new\"}", NOON);

    over(meanwhile(() -> definitions.delete(Kind.SEGMENT, "z"))).startAll(EDIT, () -> false);

    assertThat(definitions.find(Kind.SEGMENT, "z")).isEmpty();
    assertThat(works).isEmpty();
  }
}
