package dev.perennial.functions.segments;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import dev.perennial.domain.access.Key;
import dev.perennial.domain.access.Keys;
import dev.perennial.domain.access.Scope;
import dev.perennial.domain.definition.Definition;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.definition.Definitions;
import dev.perennial.domain.segment.Backfill;
import dev.perennial.domain.segment.Backfill.Work;
import dev.perennial.domain.segment.BackfillSegment;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.json.Json;
import dev.perennial.testkit.Envelope;
import dev.perennial.testkit.InMemoryBackfills;
import dev.perennial.testkit.InMemoryDefinitions;
import dev.perennial.testkit.InMemoryMembers;
import dev.perennial.testkit.InMemoryPeople;
import dev.perennial.testkit.InMemoryTotals;
import dev.perennial.testkit.Invocation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What becomes of a segment that one edits while another one does something else to it. */
final class SegmentsEditedAtOnceTest {

  private static final Instant NOW = Instant.parse("2026-11-01T09:30:00Z");
  private static final String ID = "big-spenders";

  private final InMemoryDefinitions definitions = new InMemoryDefinitions();
  private final List<Work> works = new ArrayList<>();

  /** A key that may do everything. */
  private record SampleKeys() implements Keys {
    @Override
    public Optional<Key> find(String hash) {
      return Optional.of(new Key(hash, "sample", Key.Kind.SECRET, Set.of(Scope.READ, Scope.WRITE)));
    }

    @Override
    public void put(Key key) {
      throw new AssertionError("segments have no keys");
    }
  }

  /** The definitions, while somebody else does that between what a put reads and what it writes. */
  private Definitions meanwhile(Runnable other) {
    AtomicBoolean done = new AtomicBoolean();
    return (Definitions)
        Proxy.newProxyInstance(
            Definitions.class.getClassLoader(),
            new Class<?>[] {Definitions.class},
            (_, method, arguments) -> {
              if (method.getName().equals("put")) {
                @SuppressWarnings("unchecked") // the only put that is not made of this one
                Function<Optional<Definition>, Optional<Definitions.Next>> next =
                    (Function<Optional<Definition>, Optional<Definitions.Next>>) arguments[2];
                return definitions.put(
                    (Kind) arguments[0],
                    (String) arguments[1],
                    newest -> {
                      Optional<Definitions.Next> made = next.apply(newest);
                      if (done.compareAndSet(false, true)) {
                        other.run();
                      }
                      return made;
                    });
              }
              try {
                return method.invoke(definitions, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private void put(Definitions store, String document) {
    InMemoryTotals totals = new InMemoryTotals();
    APIGatewayV2HTTPEvent event =
        Envelope.read(APIGatewayV2HTTPEvent.class, "manage-segments/put.json");
    event.setBody(document);
    ManageSegmentsHandler handler =
        new ManageSegmentsHandler(
            new SampleKeys(),
            store,
            new InMemoryMembers(),
            new InMemoryBackfills(),
            works::addAll,
            _ -> {},
            _ -> {},
            new InMemoryPeople("test", totals),
            totals,
            "test",
            () -> NOW,
            () -> 0);
    assertThat(handler.handleRequest(event, new Invocation()).getStatusCode()).isEqualTo(200);
  }

  private void stored(String document) {
    definitions.put(
        Kind.SEGMENT, ID, (Fields) Json.read(document), Definition.READY, NOW.minusSeconds(60));
  }

  private Definition newest() {
    return definitions.find(Kind.SEGMENT, ID).orElseThrow();
  }

  @Test
  void aNameGivenWhileItIsDeletedMakesItAnewForEverybody() {
    stored("{\"where\":{\"event\":\"A\"}}");

    put(
        meanwhile(() -> definitions.delete(Kind.SEGMENT, ID)),
        "{\"name\":\"Anew\",\"where\":{\"event\":\"A\"}}");

    assertThat(newest().status()).isEqualTo(BackfillSegment.BACKFILLING);
    assertThat(newest().at()).isEqualTo(NOW);
    assertThat(works).isEqualTo(new Backfill(new SegmentId(ID), 2, false).works());
  }

  @Test
  void aNameGivenWhileTheConditionIsEditedPutsTheFormerOneBackForEverybody() {
    stored("{\"where\":{\"event\":\"A\"}}");

    put(
        meanwhile(() -> stored("{\"where\":{\"event\":\"B\"}}")),
        "{\"name\":\"Anew\",\"where\":{\"event\":\"A\"}}");

    assertThat(newest().status()).isEqualTo(BackfillSegment.EDITING);
    assertThat(works).isEqualTo(new Backfill(new SegmentId(ID), 3, false).works());
  }

  @Test
  void aNameAloneEvaluatesNobody() {
    stored("{\"where\":{\"event\":\"A\"}}");

    put(definitions, "{\"name\":\"Anew\",\"where\":{\"event\":\"A\"}}");

    assertThat(newest().status()).isEqualTo(Definition.READY);
    assertThat(newest().at()).isEqualTo(NOW.minusSeconds(60));
    assertThat(works).isEmpty();
  }
}
