package dev.perennial.functions.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.Trust;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.profile.History;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.testkit.Crashes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReadHistoryTest {

  private static final Identifier ANN = new Identifier(Namespace.USER_ID, "ann");
  private static final Identifier MAIL = new Identifier(Namespace.EMAIL, "ann@example.test");

  private final Stores stores = new Stores();

  @Test
  void pagesShowEveryEventOnceInOrderWhateverOrderTheyCameIn() {
    Random random = new Random(7);
    List<Event> events = new ArrayList<>();
    for (int n = 0; n < 300; n++) {
      events.add(event(n % 3 == 0 ? MAIL : ANN, "m" + n, random.nextInt(5_000)));
    }
    events.forEach(event -> stores.recordEvents().record(List.of(List.of(event))));

    List<String> shown = new ArrayList<>();
    @Nullable String cursor = null;
    do {
      Timeline timeline = new Timeline(7, cursor);
      new ReadHistory(stores.history).read(person(), timeline);
      timeline.page().items().forEach(item -> shown.add(String.valueOf(item.text("messageId"))));
      cursor = timeline.page().cursor();
    } while (cursor != null);

    assertThat(shown)
        .containsExactlyElementsOf(
            events.stream()
                .sorted(
                    Comparator.comparing(Event::timestamp)
                        .thenComparing(event -> event.messageId() + " " + event.owner())
                        .reversed())
                .map(Event::messageId)
                .toList());
  }

  @Test
  void theFirstPageOfALongHistoryReadsLittleOfIt() {
    for (int n = 0; n < 300; n++) {
      Event event = event(ANN, "m" + n, 60 * n);
      stores.now = event.timestamp();
      stores.recordEvents().record(List.of(List.of(event)));
    }
    Crashes counter = new Crashes();

    new ReadHistory(counter.around(History.class, stores.history))
        .read(person(), new Timeline(10, null));

    assertThat(counter.calls()).isLessThan(5);
  }

  private Person person() {
    return stores.people.find(ANN.hash(Stores.WORKSPACE)).orElseThrow();
  }

  private static Event event(Identifier owner, String id, int second) {
    return new Event(
        owner,
        owner.equals(MAIL) ? List.of(ANN) : List.of(),
        id,
        EventType.TRACK,
        "Viewed",
        Instant.parse("2026-10-01T00:00:00Z").plusSeconds(second),
        Stores.NOW,
        Trust.SERVER,
        Fields.EMPTY,
        Fields.EMPTY,
        Fields.EMPTY);
  }
}
