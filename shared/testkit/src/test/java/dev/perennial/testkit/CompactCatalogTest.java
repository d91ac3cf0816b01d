package dev.perennial.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.Digest;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.definition.Compiled;
import dev.perennial.domain.definition.Definition;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.definition.Definitions;
import dev.perennial.domain.segment.Facts;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Segments;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Bool;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import dev.perennial.json.CompactCatalog;
import dev.perennial.json.Json;
import dev.perennial.json.LiveDefinitions;
import dev.perennial.json.LiveDefinitions.Live;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class CompactCatalogTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private final InMemoryDefinitions definitions = new InMemoryDefinitions();
  private final InMemoryCompactCatalogs kept = new InMemoryCompactCatalogs();

  @Test
  void whatIsKeptAnswersAsTheDefinitionsDo() {
    segment("adults", "{\"trait\":\"age\",\"gte\":18}");
    segment("pros", "{\"all\":[{\"segment\":\"adults\"},{\"trait\":\"plan\",\"in\":[\"pro\",1]}]}");
    segment("buyers", "{\"event\":\"Order Completed\",\"within\":\"P30D\"}");
    segment("fresh", "{\"lifecycle\":\"new\"}");
    segment("known", "{\"tag\":\"vip\"}");
    segment("new-ones", "{\"tag\":\"new\"}");
    segment("customers", "{\"stage\":\"conversion\"}");
    segment("worthy", "{\"computed\":\"arpu\",\"gte\":0}");
    segment("best", "{\"tier\":\"strategic\"}");
    segment("silent", "{\"inactive\":\"P14D\"}");
    segment("today", "{\"date\":\"birthday\",\"is\":\"today\"}");
    segment(
        "left", "{\"event\":\"Cart\",\"notFollowedBy\":\"Order Completed\",\"within\":\"PT1H\"}");
    segment("path", "{\"sequence\":[\"A\",\"B\"],\"within\":\"P7D\"}");
    segment("matching", "{\"trait\":\"plan\",\"matches\":\"p.*\"}");
    list("guests");
    definitions.delete(Kind.SEGMENT, "guests");
    list("guests");
    segment(
        "nobody",
        "{\"not\":{\"consent\":{\"channel\":\"sms\",\"topic\":\"offers\"},\"is\":\"denied\"}}");

    Live made = LiveDefinitions.live(definitions, definitions.catalogVersion(), kept);
    assertThat(kept.versions()).hasSize(1);
    Live read = CompactCatalog.read(kept.find(definitions.catalogVersion()).orElseThrow());

    assertThat(read.listenedEvents()).isEqualTo(made.listenedEvents());
    assertThat(read.segments().counters().id()).isEqualTo(made.segments().counters().id());
    for (Facts facts : people()) {
      List<SegmentId> expected = made.segments().members(facts, NOON);
      assertThat(read.segments().members(facts, NOON)).isEqualTo(expected);
      assertThat(read.segments().evaluate(facts, NOON))
          .isEqualTo(made.segments().evaluate(facts, NOON));
    }
    assertThat(made.segments().members(people().getFirst(), NOON))
        .contains(new SegmentId("pros"), new SegmentId("known"))
        .doesNotContain(new SegmentId("guests"));
    assertThat(read.segments().members(people().getLast(), NOON)).contains(new SegmentId("guests"));
  }

  @Test
  void whatIsKeptOfAnEarlierVersionIsMadeAnew() {
    segment("adults", "{\"trait\":\"age\",\"gte\":18}");
    LiveDefinitions.live(definitions, definitions.catalogVersion(), kept);
    segment("seniors", "{\"trait\":\"age\",\"gte\":65}");

    Live live = LiveDefinitions.live(definitions, definitions.catalogVersion(), kept);

    assertThat(kept.versions()).hasSize(2);
    assertThat(
            live.segments()
                .members(new Facts(Map.of("age", Num.of(70)), Map.of(), Map.of(), null), NOON))
        .hasSize(2);
  }

  @Test
  void aVersionThatIsReadLateLeadsNobodyToWhatWasMadeOfAnEarlierOne() {
    segment("adults", "{\"trait\":\"age\",\"gte\":18}");
    LiveDefinitions.live(definitions, 1, kept);
    segment("seniors", "{\"trait\":\"age\",\"gte\":65}");
    Compiled<Live> compiled =
        new Compiled<>(
            new Lagging(definitions, new ArrayDeque<>(List.of(1L, 1L))),
            Duration.ZERO,
            (from, version) -> LiveDefinitions.live(from, version, kept));

    assertThat(membersAt70(compiled.get())).hasSize(1);
    assertThat(membersAt70(compiled.latest())).hasSize(2);
    assertThat(membersAt70(compiled.get())).hasSize(2);
    assertThat(kept.versions()).containsExactlyInAnyOrder(1L, 2L);
  }

  @Test
  void aTableThatWasRestoredFromABackupIsBelieved() {
    InMemoryDefinitions restored = new InMemoryDefinitions();
    segment("adults", "{\"trait\":\"age\",\"gte\":18}");
    segment("seniors", "{\"trait\":\"age\",\"gte\":65}");
    AtomicReference<Definitions> table = new AtomicReference<>(definitions);
    Definitions current =
        (Definitions)
            Proxy.newProxyInstance(
                Definitions.class.getClassLoader(),
                new Class<?>[] {Definitions.class},
                (_, method, arguments) -> method.invoke(table.get(), arguments));
    Compiled<Live> compiled =
        new Compiled<>(
            current,
            Duration.ZERO,
            (from, version) -> LiveDefinitions.live(from, version, new InMemoryCompactCatalogs()));
    assertThat(membersAt70(compiled.get())).hasSize(2);

    table.set(restored);

    assertThat(membersAt70(compiled.get())).isEmpty();
    assertThat(membersAt70(compiled.latest())).isEmpty();
  }

  private static List<SegmentId> membersAt70(Live live) {
    return live.segments()
        .members(new Facts(Map.of("age", Num.of(70)), Map.of(), Map.of(), null), NOON);
  }

  /** Definitions of which the catalog's versions are read in that order. */
  private record Lagging(Definitions all, Queue<Long> versions) implements Definitions {
    @Override
    public long catalogVersion() {
      return versions.remove();
    }

    @Override
    public long latestCatalogVersion() {
      return all.latestCatalogVersion();
    }

    @Override
    public Optional<Definition> put(
        Kind kind, String id, Function<Optional<Definition>, Optional<Next>> next) {
      return all.put(kind, id, next);
    }

    @Override
    public boolean changeStatus(Kind kind, String id, String from, String to) {
      return all.changeStatus(kind, id, from, to);
    }

    @Override
    public boolean launch(Kind kind, String id, int version, String from, String to) {
      return all.launch(kind, id, version, from, to);
    }

    @Override
    public Optional<Definition> find(Kind kind, String id) {
      return all.find(kind, id);
    }

    @Override
    public Optional<Definition> find(Kind kind, String id, int version) {
      return all.find(kind, id, version);
    }

    @Override
    public Optional<Definition> findDeleted(Kind kind, String id) {
      return all.findDeleted(kind, id);
    }

    @Override
    public List<Definition> list(Kind kind) {
      return all.list(kind);
    }

    @Override
    public boolean delete(Kind kind, String id) {
      return all.delete(kind, id);
    }
  }

  @Test
  void setsOfCountersThatHadMoreAreRememberedAsLongAsNothingNewIsCounted() {
    segment("a", "{\"event\":\"A\"}");
    segment("b", "{\"event\":\"B\"}");
    segment("c", "{\"event\":\"C\"}");
    String three = live().counters().id();
    definitions.delete(Kind.SEGMENT, "c");
    String two = live().counters().id();
    segment("named", "{\"trait\":\"plan\",\"is\":\"pro\"}");
    definitions.delete(Kind.SEGMENT, "b");

    for (Segments segments : List.of(live(), live())) {
      assertThat(segments.counters().isWithin(three)).isTrue();
      assertThat(segments.counters().isWithin(two)).isTrue();
      assertThat(segments.counters().isWithin(segments.counters().id())).isTrue();
      assertThat(segments.counters().isWithin("")).isFalse();
    }

    String one = live().counters().id();
    segment("c", "{\"event\":\"C\"}");
    assertThat(live().counters().isWithin(three)).isFalse();
    assertThat(live().counters().isWithin(one)).isFalse();
  }

  @Test
  void setsOfCountersAreKnownAlsoWhereTheBytesAreTorn() {
    segment("a", "{\"event\":\"A\"}");
    segment("b", "{\"event\":\"B\"}");
    String two = live().counters().id();
    definitions.delete(Kind.SEGMENT, "b");
    kept.tear();
    assertThat(live().counters().isWithin(two)).isTrue();

    kept.tear();
    assertThat(live().counters().isWithin(two)).isTrue();
    assertThat(live().counters().isWithin(two)).isTrue();
  }

  private Segments live() {
    return LiveDefinitions.live(definitions, definitions.catalogVersion(), kept).segments();
  }

  /** Conditions mean what the rules said when they were planned. */
  @Test
  void theFormatCountsUpWithTheRulesThatAreShipped() throws IOException {
    try (InputStream rules = Json.class.getResourceAsStream("shipped-rules.json")) {
      assertThat(Digest.of(new String(rules.readAllBytes(), StandardCharsets.UTF_8)))
          .as("whoever changes the rules counts LiveDefinitions.FORMAT up, and changes this")
          .isEqualTo("wgwnr7rl3qrzcunxk7fssrqlel");
    }
    assertThat(LiveDefinitions.FORMAT).isEqualTo(2);
  }

  private void list(String id) {
    definitions.put(
        Kind.SEGMENT, id, new Fields(Map.of("members", new Text("imported"))), "ready", NOON);
  }

  private void segment(String id, String where) {
    definitions.put(Kind.SEGMENT, id, new Fields(Map.of("where", Json.read(where))), "ready", NOON);
  }

  private static List<Facts> people() {
    return List.of(
        facts(Map.of("age", Num.of(30), "plan", new Text("pro")), Map.of("vip", new Bool(true))),
        facts(Map.of("age", Num.of(17), "plan", Num.of(1)), Map.of()),
        facts(Map.of("plan", Num.of(1)), Map.of("vip", new Bool(false))),
        facts(Map.of(), Map.of()),
        on(1),
        on(2));
  }

  private static Facts on(int version) {
    return new Facts(
        Map.of("birthday", new Text("1990-03-01")),
        Map.of(),
        Map.of(),
        NOON.minusSeconds(86_400 * 20),
        null,
        Set.of(),
        Permissions.NONE,
        Map.of(new SegmentId("guests"), version));
  }

  private static Facts facts(Map<String, Value> traits, Map<String, Value> tags) {
    return new Facts(traits, tags, Map.of(), NOON);
  }
}
