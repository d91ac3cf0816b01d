package dev.perennial.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.Contended;
import dev.perennial.domain.Publisher;
import dev.perennial.domain.consent.Allowed;
import dev.perennial.domain.definition.Catalog;
import dev.perennial.domain.definition.Definition;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.Trust;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.journey.Trigger;
import dev.perennial.domain.profile.History;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.People.Change;
import dev.perennial.domain.profile.People.Saving;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Profile;
import dev.perennial.domain.profile.RecordEvents;
import dev.perennial.domain.segment.Backfill;
import dev.perennial.domain.segment.Backfill.Work;
import dev.perennial.domain.segment.BackfillSegment;
import dev.perennial.domain.segment.Backfills;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.segment.EvaluateProfile;
import dev.perennial.domain.segment.EvaluateProfile.Request;
import dev.perennial.domain.segment.LiveSegments;
import dev.perennial.domain.segment.Members;
import dev.perennial.domain.segment.Membership;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Segments;
import dev.perennial.domain.segment.Transition;
import dev.perennial.domain.timer.Timers;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.json.CompactCatalogs;
import dev.perennial.json.Json;
import dev.perennial.json.LiveDefinitions;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class BackfillSegmentTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final SegmentId BUYERS = new SegmentId("buyers");
  private static final SegmentId OFTEN = new SegmentId("often");
  private static final SegmentId NEVER = new SegmentId("never");
  private static final String ONE_ORDER = "{\"event\":\"Order Completed\"}";
  private static final String TWO_ORDERS = "{\"event\":\"Order Completed\",\"count\":{\"gte\":2}}";

  /** A platform whose stages run when the test says. */
  private static final class Platform {
    final InMemoryPeople people = new InMemoryPeople("test", new InMemoryTotals());
    final InMemoryHistory history = new InMemoryHistory();
    final AtomicInteger reads = new AtomicInteger();
    final History readHistory =
        (History)
            Proxy.newProxyInstance(
                History.class.getClassLoader(),
                new Class<?>[] {History.class},
                (_, method, arguments) -> {
                  reads.incrementAndGet();
                  return method.invoke(history, arguments);
                });
    final InMemoryTimers timers = new InMemoryTimers();
    final InMemoryMembers members = new InMemoryMembers();
    final InMemoryDefinitions definitions = new InMemoryDefinitions();
    final InMemoryBackfills backfills = new InMemoryBackfills();
    final List<Transition> published = new ArrayList<>();
    final Deque<Work> queue = new ArrayDeque<>();
    final Crashes crashes = new Crashes();
    final List<Work> dead = new ArrayList<>();
    final Set<PersonId> poison = new HashSet<>();
    final Set<PersonId> hot = new HashSet<>();
    final TreeMap<Long, byte[]> blocks = new TreeMap<>();
    private byte @Nullable [] counted;
    Instant now = NOON;
    boolean timeIsShort;
    LiveSegments live = () -> LiveDefinitions.segments(definitions);
    private int events;

    void define(String where, String status) {
      Definition made =
          definitions.put(
              Kind.SEGMENT,
              BUYERS.value(),
              (Fields) Json.read("{\"where\":" + where + "}"),
              status,
              now);
      queue.addAll(new Backfill(BUYERS, made.version(), false).works());
    }

    /** As functions read them, from bytes that others left. */
    Segments compact() {
      return LiveDefinitions.live(
              definitions,
              definitions.catalogVersion(),
              new CompactCatalogs() {
                @Override
                public Optional<byte[]> find(long version) {
                  return blocks.isEmpty() || blocks.lastKey() < version
                      ? Optional.empty()
                      : Optional.of(blocks.lastEntry().getValue());
                }

                @Override
                public Optional<byte[]> counted() {
                  return Optional.ofNullable(counted);
                }

                @Override
                public void put(long version, byte[] bytes, byte[] counters) {
                  counted = counters;
                  blocks.put(version, bytes);
                }
              })
          .segments();
    }

    void define(SegmentId id, String where) {
      definitions.put(
          Kind.SEGMENT,
          id.value(),
          (Fields) Json.read("{\"where\":" + where + "}"),
          BackfillSegment.READY,
          now);
    }

    void delete() {
      int version = definitions.find(Kind.SEGMENT, BUYERS.value()).orElseThrow().version();
      definitions.delete(Kind.SEGMENT, BUYERS.value());
      queue.addAll(new Backfill(BUYERS, version, true).works());
    }

    /** An order, recorded and not evaluated yet. */
    void order(String user) {
      Event event =
          new Event(
              new Identifier(Namespace.USER_ID, user),
              List.of(),
              "order-" + events++,
              EventType.TRACK,
              "Order Completed",
              now,
              now,
              Trust.SERVER,
              Fields.EMPTY,
              Fields.EMPTY,
              Fields.EMPTY);
      new RecordEvents(
              people,
              history,
              () -> new Catalog(1, live.current().counters(), Set.of()),
              new InMemoryTotals(),
              _ -> {},
              _ -> {},
              new InMemoryTimers(),
              10,
              () -> now,
              _ -> {})
          .record(List.of(List.of(event)));
    }

    void evaluate(String user) {
      evaluateProfile()
          .evaluate(List.of(new Request(person(user).id(), Cause.EVENT, List.of())), () -> now);
    }

    Person person(String user) {
      Identifier identifier = new Identifier(Namespace.USER_ID, user);
      return people.all().stream()
          .filter(person -> person.identifiers().containsKey(identifier))
          .findFirst()
          .orElseThrow();
    }

    /** What became of the person's membership, in order. */
    List<Cause> causes(String user) {
      return published.stream()
          .filter(transition -> transition.person().equals(person(user).id()))
          .distinct()
          .map(Transition::cause)
          .toList();
    }

    String status() {
      return definitions.find(Kind.SEGMENT, BUYERS.value()).orElseThrow().status();
    }

    /** Works on all that waits; what a crash left comes again, and who always fails gives up. */
    void backfill() {
      while (!queue.isEmpty()) {
        Work work = queue.removeFirst();
        if (work.alone() != null && poison.contains(work.alone())) {
          assertThatThrownBy(() -> work(work)).isInstanceOf(IllegalStateException.class);
          dead.add(work);
        } else {
          work(work);
        }
      }
    }

    void work(Work work) {
      Publisher<Work> again = crashes.aroundPublisher(works -> queue.addAll(works));
      BackfillSegment backfillSegment =
          new BackfillSegment(
              definitions,
              new InMemoryPopulation(people),
              crashes.around(Backfills.class, backfills),
              evaluateProfile(),
              again,
              () -> {},
              () -> now);
      try {
        backfillSegment.work(work, () -> timeIsShort);
      } catch (Crashes.Crash e) {
        queue.add(work);
      }
    }

    /** People of whom some are always written by others first. */
    private People contended() {
      return (People)
          Proxy.newProxyInstance(
              People.class.getClassLoader(),
              new Class<?>[] {People.class},
              (_, method, arguments) ->
                  method.getName().equals("save")
                          && ((Change) arguments[0])
                              .people().stream().anyMatch(person -> hot.contains(person.id()))
                      ? new Saving.Contended()
                      : method.invoke(people, arguments));
    }

    private EvaluateProfile evaluateProfile() {
      Publisher<Trigger> triggers =
          news ->
              news.forEach(
                  trigger -> {
                    Transition transition = ((Trigger.OfTransition) trigger).transition();
                    if (poison.contains(transition.person())) {
                      throw new IllegalStateException("nobody can be told of them");
                    }
                    published.add(transition);
                  });
      return new EvaluateProfile(
          crashes.around(People.class, contended()),
          readHistory,
          crashes.around(Timers.class, timers),
          crashes.around(Members.class, members),
          crashes.aroundPublisher(triggers),
          new InMemoryConsents(),
          "test",
          live,
          _ -> {});
    }
  }

  private static Platform withBuyers(int many) {
    Platform platform = new Platform();
    for (int i = 0; i < many; i++) {
      platform.order("u" + i);
    }
    return platform;
  }

  @Test
  void everybodyIsEvaluatedByANewSegment() {
    Platform platform = withBuyers(40);
    platform.define(ONE_ORDER, BackfillSegment.BACKFILLING);

    platform.backfill();

    assertThat(platform.members.size(BUYERS)).isEqualTo(40);
    assertThat(platform.published)
        .hasSize(40)
        .allSatisfy(transition -> assertThat(transition.cause()).isEqualTo(Cause.BACKFILL));
    assertThat(platform.status()).isEqualTo(BackfillSegment.READY);
  }

  @Test
  void itIsReadyOnlyWhenAllShardsAreDone() {
    Platform platform = withBuyers(40);
    platform.define(ONE_ORDER, BackfillSegment.BACKFILLING);
    Work last = platform.queue.removeLast();

    platform.backfill();
    assertThat(platform.status()).isEqualTo(BackfillSegment.BACKFILLING);

    platform.work(last);
    assertThat(platform.status()).isEqualTo(BackfillSegment.READY);
  }

  @Test
  void aCrashAnywhereAndEveryMessageTwiceEndAlike() {
    Platform undisturbed = withBuyers(10);
    undisturbed.define(ONE_ORDER, BackfillSegment.BACKFILLING);
    undisturbed.backfill();

    for (int call = 0; call < undisturbed.crashes.calls(); call++) {
      for (boolean before : new boolean[] {true, false}) {
        Platform platform = withBuyers(10);
        platform.define(ONE_ORDER, BackfillSegment.BACKFILLING);
        platform.queue.addAll(List.copyOf(platform.queue));
        platform.crashes.dieAt(call, before);

        platform.backfill();

        assertThat(new HashSet<>(platform.published))
            .as("crash %s call %d", before ? "before" : "after", call)
            .isEqualTo(new HashSet<>(undisturbed.published));
        assertThat(platform.members.size(BUYERS)).isEqualTo(10);
        assertThat(platform.status()).isEqualTo(BackfillSegment.READY);
      }
    }
  }

  @Test
  void whenTimeIsShortTheRestIsToldAnew() {
    Platform platform = withBuyers(4_000);
    platform.timeIsShort = true;
    platform.define(ONE_ORDER, BackfillSegment.BACKFILLING);
    Work first = platform.queue.getFirst();

    platform.work(platform.queue.removeFirst());

    assertThat(platform.queue).hasSize(Backfill.SHARDS).last().isEqualTo(first);
    platform.backfill();
    assertThat(platform.members.size(BUYERS)).isEqualTo(4_000);
  }

  @Test
  void anEditMovesPeopleAndSaysSo() {
    Platform platform = withBuyers(2);
    platform.define(ONE_ORDER, BackfillSegment.BACKFILLING);
    platform.backfill();
    platform.now = NOON.plusSeconds(10);
    platform.order("u0");
    platform.evaluate("u0");

    platform.now = NOON.plusSeconds(20);
    platform.define(TWO_ORDERS, BackfillSegment.EDITING);
    platform.backfill();

    assertThat(platform.members.size(BUYERS)).isEqualTo(1);
    assertThat(platform.causes("u0")).containsExactly(Cause.BACKFILL);
    assertThat(platform.causes("u1")).containsExactly(Cause.BACKFILL, Cause.EDIT);
  }

  @Test
  void anEventIsTheCauseOfWhatItBringsAboutEvenBeforeTheBackfillPasses() {
    Platform platform = withBuyers(2);
    platform.now = NOON.plusSeconds(10);
    platform.define(TWO_ORDERS, BackfillSegment.BACKFILLING);

    platform.now = NOON.plusSeconds(20);
    platform.order("u0");
    platform.evaluate("u0");
    platform.order("u1");
    platform.backfill();

    assertThat(platform.causes("u0")).containsExactly(Cause.EVENT);
    assertThat(platform.causes("u1")).containsExactly(Cause.EVENT);
  }

  @Test
  void whoeverStoodSoBeforeIsNoNewsToJourneysWhoeverFindsItFirst() {
    Platform platform = withBuyers(2);
    platform.now = NOON.plusSeconds(10);
    platform.define(ONE_ORDER, BackfillSegment.BACKFILLING);

    platform.now = NOON.plusSeconds(20);
    platform.order("u0");
    platform.evaluate("u0");
    platform.backfill();

    assertThat(platform.causes("u0")).containsExactly(Cause.BACKFILL);
    assertThat(platform.causes("u1")).containsExactly(Cause.BACKFILL);
  }

  @Test
  void whatBecomesTrueByTimeAloneIsNoticedByTheBackfillAndHasATimer() {
    Platform platform = withBuyers(1);
    platform.now = NOON.plus(Duration.ofDays(10));
    platform.define(
        "{\"event\":\"Order Completed\",\"lastBefore\":\"P14D\"}", BackfillSegment.BACKFILLING);

    platform.backfill();

    assertThat(platform.published).isEmpty();
    assertThat(platform.timers.all()).hasSize(1);
    assertThat(platform.person("u0").nextDue()).isNotNull();
  }

  @Test
  void nobodyStaysInASegmentThatIsDeletedAndMadeAnew() {
    Platform platform = withBuyers(2);
    platform.define(ONE_ORDER, BackfillSegment.BACKFILLING);
    platform.backfill();

    platform.delete();
    platform.define(TWO_ORDERS, BackfillSegment.BACKFILLING);
    platform.backfill();
    assertThat(platform.members.size(BUYERS)).isZero();

    platform.define(ONE_ORDER, BackfillSegment.EDITING);
    platform.backfill();
    platform.delete();
    platform.backfill();
    assertThat(platform.members.size(BUYERS)).isZero();
    assertThat(platform.people.all())
        .allSatisfy(person -> assertThat(person.memberships().get(BUYERS).member()).isFalse());
  }

  @Test
  void aWorkerWithOldDefinitionsLeavesNothingStale() {
    Platform platform = withBuyers(1);
    platform.define(ONE_ORDER, BackfillSegment.BACKFILLING);
    Segments old = LiveDefinitions.segments(platform.definitions);
    platform.define(TWO_ORDERS, BackfillSegment.EDITING);
    platform.backfill();
    assertThat(platform.members.size(BUYERS)).isZero();

    platform.live =
        new LiveSegments() {
          @Override
          public Segments current() {
            return old;
          }

          @Override
          public Segments latest() {
            return LiveDefinitions.segments(platform.definitions);
          }
        };
    platform.evaluate("u0");

    assertThat(platform.members.size(BUYERS)).isZero();
    assertThat(platform.person("u0").memberships().get(BUYERS).member()).isFalse();
  }

  @Test
  void segmentsThatReferToItFollow() {
    Platform platform = withBuyers(1);
    platform.define(TWO_ORDERS, BackfillSegment.BACKFILLING);
    platform.definitions.put(
        Kind.SEGMENT,
        "others",
        (Fields) Json.read("{\"where\":{\"not\":{\"segment\":\"buyers\"}}}"),
        BackfillSegment.READY,
        NOON);
    platform.backfill();
    SegmentId others = new SegmentId("others");
    assertThat(platform.members.sizes(List.of(BUYERS, others)))
        .isEqualTo(Map.of(BUYERS, 0L, others, 1L));

    platform.define(ONE_ORDER, BackfillSegment.EDITING);
    platform.backfill();

    assertThat(platform.members.sizes(List.of(BUYERS, others)))
        .isEqualTo(Map.of(BUYERS, 1L, others, 0L));
  }

  @Test
  void deletingASegmentReadsNoHistory() {
    Platform platform = new Platform();
    platform.live = platform::compact;
    int reads = readsOfDeletion(platform);
    int otherwise = readsOfDeletion(new Platform());

    System.out.printf(
        "A segment is deleted and 20 people evaluated: %d pages of history read, %d where nobody"
            + " knows what was counted before%n",
        reads, otherwise);
    assertThat(reads).isZero();
    assertThat(otherwise).isGreaterThanOrEqualTo(20);

    platform.order("u0");
    platform.evaluate("u0");
    assertThat(platform.person("u0").facets().values().iterator().next().counterSet())
        .isEqualTo(platform.compact().counters().id());
    // What is counted anew is read, and what was counted all the while is not lost.
    platform.define(
        NEVER,
        "{\"event\":\"Order Completed\",\"where\":{\"coupon\":{\"exists\":false}},"
            + "\"count\":{\"gte\":13}}");
    platform.evaluate("u0");
    platform.evaluate("u1");
    assertThat(platform.reads).hasPositiveValue();
    assertThat(platform.members.sizes(List.of(OFTEN, NEVER)))
        .isEqualTo(Map.of(OFTEN, 20L, NEVER, 1L));
  }

  /** How many pages are read when a segment goes that counted nothing of anybody. */
  private static int readsOfDeletion(Platform platform) {
    platform.define(OFTEN, "{\"event\":\"Order Completed\",\"within\":\"P30D\"}");
    platform.define(NEVER, "{\"event\":\"Never Done\"}");
    platform.define("{\"event\":\"Not Done Either\"}", BackfillSegment.READY);
    platform.queue.clear();
    for (int i = 0; i < 20 * 12; i++) {
      platform.order("u" + i % 20);
    }
    IntStream.range(0, 20).forEach(i -> platform.evaluate("u" + i));
    assertThat(platform.members.size(OFTEN)).isEqualTo(20);
    platform.reads.set(0);

    platform.delete();
    platform.backfill();
    IntStream.range(0, 20).forEach(i -> platform.evaluate("u" + i));
    return platform.reads.get();
  }

  @Test
  void aSegmentThatIsNoMoreIsForgottenWithTheNextChangeAndItsNumbersNeverRestart() {
    Platform platform = withBuyers(1);
    platform.define(ONE_ORDER, BackfillSegment.BACKFILLING);
    platform.backfill();
    SegmentId others = new SegmentId("others");

    platform.delete();
    assertThat(shown(platform)).isEmpty();
    platform.backfill();
    assertThat(platform.members.size(BUYERS)).isZero();
    platform.now = platform.now.plusSeconds(61);
    Person before = platform.person("u0");
    platform.evaluate("u0");
    assertThat(platform.person("u0")).isEqualTo(before);
    platform.define(others, ONE_ORDER);
    platform.evaluate("u0");
    assertThat(platform.person("u0").memberships()).containsOnlyKeys(others);
    assertThat(shown(platform)).containsExactly(others);

    platform.define(ONE_ORDER, BackfillSegment.BACKFILLING);
    platform.backfill();
    assertThat(platform.members.size(BUYERS)).isEqualTo(1);
    Membership anew = platform.person("u0").memberships().get(BUYERS);
    assertThat(anew.member()).isTrue();
    assertThat(anew.number()).isGreaterThan(2);
    platform.delete();
    platform.backfill();
    assertThat(platform.members.size(BUYERS)).isZero();
  }

  @Test
  void whatWasNotToldYetIsNotForgotten() {
    Platform platform = withBuyers(1);
    platform.define(ONE_ORDER, BackfillSegment.BACKFILLING);
    platform.backfill();
    platform.delete();
    platform.poison.add(platform.person("u0").id());
    platform.backfill();
    platform.now = platform.now.plusSeconds(61);
    platform.define(OFTEN, ONE_ORDER);
    assertThatThrownBy(() -> platform.evaluate("u0")).isInstanceOf(IllegalStateException.class);
    assertThat(platform.person("u0").memberships()).containsOnlyKeys(BUYERS, OFTEN);

    platform.poison.clear();
    platform.evaluate("u0");
    platform.define(NEVER, ONE_ORDER);
    platform.evaluate("u0");

    assertThat(platform.person("u0").memberships()).containsOnlyKeys(OFTEN, NEVER);
    assertThat(platform.causes("u0"))
        .containsExactly(Cause.BACKFILL, Cause.EDIT, Cause.EVENT, Cause.EVENT);
  }

  private static Set<SegmentId> shown(Platform platform) {
    return Profile.of(
            platform.person("u0"),
            Allowed.NOTHING,
            LiveDefinitions.portraits(platform.definitions),
            "test",
            platform.now)
        .segments()
        .keySet();
  }

  @Test
  void nobodyWaitsForSomebodyWhoAlwaysFails() {
    Platform platform = withBuyers(40);
    platform.define(ONE_ORDER, BackfillSegment.BACKFILLING);
    platform.poison.add(platform.person("u7").id());

    platform.backfill();

    assertThat(platform.status()).isEqualTo(BackfillSegment.READY);
    assertThat(new HashSet<>(platform.published)).hasSize(39);
    assertThat(platform.dead).extracting(Work::alone).containsExactly(platform.person("u7").id());
  }

  @Test
  void whoFailedOnceEntersSilentlyThoughTheOthersWentOn() {
    Platform platform = withBuyers(40);
    platform.define(ONE_ORDER, BackfillSegment.BACKFILLING);
    platform.poison.add(platform.person("u7").id());
    while (platform.queue.stream().noneMatch(work -> work.alone() != null)) {
      platform.work(platform.queue.removeFirst());
    }
    platform.poison.clear();

    platform.backfill();

    assertThat(platform.status()).isEqualTo(BackfillSegment.READY);
    assertThat(new HashSet<>(platform.published)).hasSize(40);
    assertThat(platform.causes("u7")).isSubsetOf(Cause.BACKFILL, Cause.EDIT).hasSize(1);
    assertThat(platform.dead).isEmpty();
  }

  @Test
  void aShardWaitsForWhoeverOthersKeepWriting() {
    Platform platform = withBuyers(40);
    platform.define(ONE_ORDER, BackfillSegment.BACKFILLING);
    List<Work> works = List.copyOf(platform.queue);
    platform.hot.add(platform.person("u7").id());

    assertThatThrownBy(platform::backfill).isInstanceOf(Contended.class);
    assertThat(platform.status()).isEqualTo(BackfillSegment.BACKFILLING);

    platform.hot.clear();
    platform.queue.addAll(works);
    platform.backfill();
    assertThat(platform.status()).isEqualTo(BackfillSegment.READY);
    assertThat(platform.causes("u7")).containsExactly(Cause.BACKFILL);
  }

  @Test
  void whatHappensWhileAStretchIsEvaluatedCounts() {
    Platform platform = withBuyers(1);
    platform.define(
        "{\"event\":\"Order Completed\",\"count\":{\"lt\":2}}", BackfillSegment.BACKFILLING);
    LiveSegments live = platform.live;
    AtomicBoolean ordered = new AtomicBoolean();
    platform.live =
        () -> {
          if (ordered.compareAndSet(false, true)) {
            platform.now = NOON.plusSeconds(2);
            platform.live = live;
            platform.order("u0");
          }
          return live.current();
        };

    platform.backfill();

    assertThat(platform.published).isEmpty();
  }

  @Test
  void whereEverybodyFailsItIsNotBecauseOfWhoTheyAre() {
    Platform platform = withBuyers(400);
    platform.define(ONE_ORDER, BackfillSegment.BACKFILLING);
    platform.people.all().forEach(person -> platform.poison.add(person.id()));

    assertThatThrownBy(platform::backfill).isInstanceOf(IllegalStateException.class);

    assertThat(platform.queue).allMatch(work -> work.alone() == null);
  }
}
