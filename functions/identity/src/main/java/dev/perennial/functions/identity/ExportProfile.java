package dev.perennial.functions.identity;

import dev.perennial.domain.Page;
import dev.perennial.domain.delivery.Send;
import dev.perennial.domain.delivery.Sends;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.profile.History;
import dev.perennial.domain.profile.PageId;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Quarantine;
import dev.perennial.domain.profile.Quarantine.Batch;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Text;
import dev.perennial.json.ExportCodec;
import dev.perennial.json.InvalidDocument;
import dev.perennial.json.Json;
import dev.perennial.json.SendCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The sends and events of a person, as many as one answer takes; a cursor says where the next goes
 * on. Of each owner identifier the newest events come first, page by page of its history.
 */
final class ExportProfile {

  /**
   * Characters after which no more is begun. What is begun adds a tenth of that, and Lambda answers
   * at most 6 MB.
   */
  private static final int ENOUGH = 2_500_000;

  private static final int SENDS_AT_ONCE = 100;

  /** Greater than every id. */
  private static final String LAST = "~";

  private enum Stage {
    SENDS,
    EVENTS,
    KEPT
  }

  /**
   * Where it goes on.
   *
   * @param id the least hash of an identifier to look at
   * @param rest where among what is kept under it; empty at the beginning
   */
  private record Position(Stage stage, String id, String rest) {
    Position next() {
      return new Position(stage, id + LAST, "");
    }

    Position at(String other) {
      return new Position(stage, id, other);
    }
  }

  private final String workspace;
  private final History history;
  private final Quarantine quarantine;
  private final Sends sends;
  private final List<Fields> sent = new ArrayList<>();
  private final List<Event> events = new ArrayList<>();
  private final List<Event> kept = new ArrayList<>();
  private long weight;

  ExportProfile(String workspace, History history, Quarantine quarantine, Sends sends) {
    this.workspace = workspace;
    this.history = history;
    this.quarantine = quarantine;
    this.sends = sends;
  }

  /**
   * The fields {@code sends}, {@code events} (by time), {@code quarantined} and {@code cursor}.
   *
   * @param cursor of the answer before; null for the first
   * @throws InvalidDocument when the cursor is none that was given out
   */
  Map<String, Value> part(Person person, @Nullable String cursor) {
    Position at = cursor == null ? new Position(Stage.SENDS, "", "") : decode(cursor);
    NavigableMap<String, Facet> facets = new TreeMap<>();
    person.facets().forEach((owner, facet) -> facets.put(owner.hash(workspace).value(), facet));
    NavigableMap<String, PersonId> ids = new TreeMap<>();
    person.ids(workspace).forEach(id -> ids.put(id.value(), id));
    Optional<Position> next = Optional.of(at);
    while (next.isPresent() && weight < ENOUGH) {
      Position now = next.get();
      next =
          switch (now.stage()) {
            case SENDS ->
                Optional.of(
                    first(ids, now)
                        .map(id -> sends(id, now))
                        .orElse(new Position(Stage.EVENTS, "", "")));
            case EVENTS ->
                Optional.of(
                    first(facets, now)
                        .map(facet -> events(facet, now))
                        .orElse(new Position(Stage.KEPT, "", "")));
            case KEPT -> first(ids, now).map(id -> kept(id, now));
          };
    }
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put("sends", new Items(List.copyOf(sent)));
    fields.put("events", inOrder(events));
    fields.put("quarantined", inOrder(kept));
    next.ifPresent(position -> fields.put("cursor", new Text(encode(position))));
    return fields;
  }

  private static <T> Optional<T> first(NavigableMap<String, T> all, Position at) {
    return Optional.ofNullable(all.ceilingEntry(at.id())).map(Map.Entry::getValue);
  }

  private Position sends(PersonId id, Position at) {
    Page<Send> page = sends.ofPerson(id, SENDS_AT_ONCE, at.rest().isEmpty() ? null : at.rest());
    for (Send send : page.items()) {
      Fields written = SendCodec.write(send);
      sent.add(written);
      weight += Json.text(written).length();
    }
    Position here = new Position(at.stage(), id.value(), "");
    return page.cursor() == null ? here.next() : here.at(page.cursor());
  }

  private Position events(Facet facet, Position at) {
    Position here = new Position(at.stage(), facet.owner().hash(workspace).value(), "");
    if (at.rest().isEmpty()) {
      add(facet.tail(), events);
      return on(here, facet.newestPage());
    }
    Optional<History.Page> page = history.page(facet.owner(), pageId(at.rest()));
    page.ifPresent(found -> add(found.events(), events));
    return on(here, page.map(History.Page::before).orElse(null));
  }

  private static Position on(Position here, @Nullable PageId page) {
    return page == null ? here.next() : here.at(page.number() + ":" + page.digest());
  }

  private Position kept(PersonId id, Position at) {
    Position here = new Position(at.stage(), id.value(), "");
    List<Batch> batches = quarantine.batches(id, at.rest(), 1);
    batches.forEach(batch -> add(batch.events(), kept));
    return batches.isEmpty() ? here.next() : here.at(batches.getLast().id());
  }

  private void add(Collection<Event> more, List<Event> to) {
    to.addAll(more);
    more.forEach(event -> weight += Json.text(ExportCodec.write(event)).length());
  }

  private static Items inOrder(List<Event> events) {
    return new Items(
        events.stream()
            .sorted(Comparator.comparing(Event::timestamp).thenComparing(Event::messageId))
            .<Value>map(ExportCodec::write)
            .toList());
  }

  private static PageId pageId(String text) {
    int colon = text.indexOf(':');
    try {
      return new PageId(Integer.parseInt(text.substring(0, colon)), text.substring(colon + 1));
    } catch (IndexOutOfBoundsException | NumberFormatException e) {
      throw noCursor();
    }
  }

  private static String encode(Position at) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(
            (at.stage() + " " + at.id() + " " + at.rest()).getBytes(StandardCharsets.UTF_8));
  }

  private static Position decode(String cursor) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
      String[] parts = text.split(" ", 3);
      if (parts.length == 3) {
        return new Position(Stage.valueOf(parts[0]), parts[1], parts[2]);
      }
    } catch (IllegalArgumentException e) {
      // Said below, as for a cursor without its parts.
    }
    throw noCursor();
  }

  private static InvalidDocument noCursor() {
    return new InvalidDocument("", "the cursor is none that was given out");
  }
}
