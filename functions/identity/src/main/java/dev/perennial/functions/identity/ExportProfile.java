package dev.perennial.functions.identity;

import dev.perennial.domain.Page;
import dev.perennial.domain.consent.Consent;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.delivery.Devices;
import dev.perennial.domain.delivery.Send;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.journey.Enrollment;
import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.profile.History;
import dev.perennial.domain.profile.PageId;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Quarantine.Batch;
import dev.perennial.domain.profile.Quarantine.Kept;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Text;
import dev.perennial.functions.identity.ManagePrivacyHandler.Stores;
import dev.perennial.json.ConsentCodec;
import dev.perennial.json.ExportCodec;
import dev.perennial.json.InvalidDocument;
import dev.perennial.json.Json;
import dev.perennial.json.SendCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a person outside the profile, as much as one answer takes; a cursor says where
 * the next goes on. Of each owner identifier the newest events come first, page by page of its
 * history.
 */
final class ExportProfile {

  /**
   * Characters after which no more is begun. What is begun adds a tenth of that, and Lambda answers
   * at most 6 MB.
   */
  private static final int ENOUGH = 2_500_000;

  /** As how many characters a query counts: some 500 of them take a third of the time there is. */
  private static final int QUERY = 5_000;

  private static final int SENDS_AT_ONCE = 100;

  /** Greater than every id. */
  private static final String LAST = "~";

  private enum Stage {
    CONSENT,
    ENROLLMENTS,
    SENDS,
    EVENTS,
    KEPT
  }

  /**
   * Where it goes on.
   *
   * @param id the least one to look at
   * @param rest where among what is kept under it; empty at the beginning
   */
  private record Position(Stage stage, String id, String rest) {
    static Position first(Stage stage) {
      return new Position(stage, "", "");
    }

    Position next() {
      return new Position(stage, id + LAST, "");
    }

    Position at(String other) {
      return new Position(stage, id, other);
    }
  }

  private final Person person;
  private final String workspace;
  private final Stores stores;
  private final Map<Stage, NavigableSet<String>> ids = new EnumMap<>(Stage.class);
  private final Map<String, Identifier> owners = new HashMap<>();
  private final List<Consent> decided = new ArrayList<>();
  private final List<Enrollment> enrolled = new ArrayList<>();
  private final List<Fields> sent = new ArrayList<>();
  private final List<Event> events = new ArrayList<>();
  private final List<Event> kept = new ArrayList<>();
  private long weight;

  /**
   * @param weight characters of the answer already
   */
  ExportProfile(Person person, String workspace, Stores stores, long weight) {
    this.person = person;
    this.workspace = workspace;
    this.stores = stores;
    this.weight = weight;
  }

  /**
   * The fields {@code consentHistory}, {@code enrollments}, {@code sends}, {@code events} (by
   * time), {@code quarantined} and {@code cursor}.
   *
   * @param cursor of the answer before; null for the first
   * @throws InvalidDocument when the cursor is none that was given out
   */
  Map<String, Value> part(@Nullable String cursor) {
    Position next = cursor == null ? Position.first(Stage.CONSENT) : decode(cursor);
    while (next != null && weight < ENOUGH) {
      next = step(next);
    }
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put(
        "consentHistory",
        new Items(
            decided.stream()
                .distinct()
                .sorted(Comparator.comparing(Consent::at))
                .<Value>map(ConsentCodec::write)
                .toList()));
    fields.put(
        "enrollments",
        new Items(
            enrolled.stream()
                .sorted(Comparator.comparing(Enrollment::enteredAt))
                .<Value>map(ExportCodec::write)
                .toList()));
    fields.put("sends", new Items(List.copyOf(sent)));
    fields.put("events", inOrder(events));
    fields.put("quarantined", inOrder(kept));
    if (next != null) {
      fields.put("cursor", new Text(encode(next)));
    }
    return fields;
  }

  /** Reads what is there, and answers where it goes on; null at the end. */
  private @Nullable Position step(Position at) {
    String id = ids.computeIfAbsent(at.stage(), this::ids).ceiling(at.id());
    if (id == null) {
      return Stream.of(Stage.values())
          .filter(stage -> stage.compareTo(at.stage()) > 0)
          .findFirst()
          .map(Position::first)
          .orElse(null);
    }
    Position here = new Position(at.stage(), id, "");
    String rest = id.equals(at.id()) ? at.rest() : "";
    return switch (at.stage()) {
      case CONSENT -> consent(here);
      case ENROLLMENTS -> enrollments(here);
      case SENDS -> sends(here, rest);
      case EVENTS -> events(here, rest);
      case KEPT -> kept(here, rest);
    };
  }

  /** Under which ids something may be kept. */
  private NavigableSet<String> ids(Stage stage) {
    return switch (stage) {
      case CONSENT -> {
        Set<PersonId> all = new HashSet<>(person.ids(workspace));
        all.addAll(Devices.of(person, workspace));
        Map<PersonId, Permissions> known = stores.consents().of(all);
        all.removeIf(id -> Objects.requireNonNull(known.get(id)).version() == 0);
        yield inOrder(all);
      }
      case ENROLLMENTS, SENDS -> inOrder(stores.people().idsOf(person));
      case EVENTS -> {
        person.facets().keySet().forEach(owner -> owners.put(owner.hash(workspace).value(), owner));
        yield new TreeSet<>(owners.keySet());
      }
      case KEPT ->
          inOrder(stores.quarantine().find(person.ids(workspace)).stream().map(Kept::id).toList());
    };
  }

  private static NavigableSet<String> inOrder(Collection<PersonId> ids) {
    return ids.stream().map(PersonId::value).collect(Collectors.toCollection(TreeSet::new));
  }

  private Position consent(Position here) {
    List<Consent> found = stores.consents().history(List.of(new PersonId(here.id())));
    decided.addAll(found);
    found.forEach(one -> weigh(ConsentCodec.write(one)));
    weight += QUERY;
    return here.next();
  }

  private Position enrollments(Position here) {
    List<Enrollment> found = stores.enrollments().ofPerson(new PersonId(here.id()));
    enrolled.addAll(found);
    found.forEach(one -> weigh(ExportCodec.write(one)));
    weight += QUERY;
    return here.next();
  }

  private Position sends(Position here, String rest) {
    Page<Send> page =
        stores
            .sends()
            .ofPerson(new PersonId(here.id()), SENDS_AT_ONCE, rest.isEmpty() ? null : rest);
    for (Send send : page.items()) {
      Fields written = SendCodec.write(send);
      sent.add(written);
      weigh(written);
    }
    weight += QUERY;
    return page.cursor() == null ? here.next() : here.at(page.cursor());
  }

  private Position events(Position here, String rest) {
    Identifier owner = Objects.requireNonNull(owners.get(here.id()));
    if (rest.isEmpty()) {
      Facet facet = Objects.requireNonNull(person.facets().get(owner));
      add(facet.tail(), events);
      return on(here, facet.newestPage());
    }
    Optional<History.Page> page = stores.history().page(owner, pageId(rest));
    page.ifPresent(found -> add(found.events(), events));
    weight += QUERY;
    return on(here, page.map(History.Page::before).orElse(null));
  }

  private static Position on(Position here, @Nullable PageId page) {
    return page == null ? here.next() : here.at(page.number() + ":" + page.digest());
  }

  private Position kept(Position here, String rest) {
    List<Batch> batches = stores.quarantine().batches(new PersonId(here.id()), rest, 1);
    batches.forEach(batch -> add(batch.events(), kept));
    weight += QUERY;
    return batches.isEmpty() ? here.next() : here.at(batches.getLast().id());
  }

  private void add(Collection<Event> more, List<Event> to) {
    to.addAll(more);
    more.forEach(event -> weigh(ExportCodec.write(event)));
  }

  private void weigh(Fields written) {
    weight += Json.text(written).length();
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
