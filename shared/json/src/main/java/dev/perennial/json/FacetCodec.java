package dev.perennial.json;

import static dev.perennial.json.EventCodec.instant;
import static dev.perennial.json.EventCodec.millis;

import dev.perennial.domain.profile.Arrivals;
import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.profile.Listed;
import dev.perennial.domain.profile.PageId;
import dev.perennial.domain.profile.Seen;
import dev.perennial.domain.profile.Seen.Past;
import dev.perennial.domain.profile.Trait;
import dev.perennial.domain.segment.CounterId;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Series;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Bool;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Facets in storage. Field names are short, and what is empty is left out. */
final class FacetCodec {

  private static final String OWNER = "o";
  private static final String TRAITS = "t";
  private static final String TAGS = "g";
  private static final String LISTS = "l";
  private static final String COUNTERS = "c";
  private static final String COUNTER_SET = "cs";
  private static final String FIRST_SEEN = "a";
  private static final String LAST_SEEN = "z";
  private static final String EVENTS = "n";
  private static final String VOUCHED = "v";
  private static final String SEEN = "s";
  private static final String SEEN_AT = "st";
  private static final String HORIZON = "h";
  private static final String ARRIVALS = "q";
  private static final String TAIL = "e";
  private static final String PAGE = "p";

  /** Bytes of an event's two fingerprints. */
  private static final int FINGERPRINT = Long.BYTES + Short.BYTES;

  private static final Comparator<Map.Entry<Long, Past>> OLDEST_FIRST =
      Comparator.<Map.Entry<Long, Past>, Instant>comparing(event -> event.getValue().at())
          .thenComparing(Map.Entry.comparingByKey());

  private FacetCodec() {}

  static Fields write(Facet facet) {
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put(OWNER, IdentifierCodec.write(facet.owner()));
    putTraits(fields, TRAITS, facet.traits());
    putTraits(fields, TAGS, facet.tags());
    if (!facet.lists().isEmpty()) {
      Map<String, Value> lists = new LinkedHashMap<>();
      new TreeMap<>(facet.lists()).forEach((id, said) -> lists.put(id.value(), write(said)));
      fields.put(LISTS, new Fields(lists));
    }
    if (!facet.counters().isEmpty()) {
      Map<String, Value> counters = new LinkedHashMap<>();
      new TreeMap<>(facet.counters())
          .forEach((id, series) -> counters.put(id.value(), SeriesCodec.write(series)));
      fields.put(COUNTERS, new Fields(counters));
    }
    if (!facet.counterSet().isEmpty()) {
      fields.put(COUNTER_SET, new Text(facet.counterSet()));
    }
    if (facet.events() > 0) {
      fields.put(FIRST_SEEN, millis(facet.firstSeen()));
      fields.put(LAST_SEEN, millis(facet.lastSeen()));
      fields.put(EVENTS, Num.of(facet.events()));
    }
    if (facet.vouched()) {
      fields.put(VOUCHED, new Bool(true));
    }
    putSeen(fields, facet.seen());
    PersonCodec.putUnlessEmpty(fields, TAIL, facet.tail(), EventCodec::write);
    if (facet.newestPage() != null) {
      fields.put(PAGE, write(facet.newestPage()));
    }
    return new Fields(fields);
  }

  static Facet read(JsonNode node) {
    JsonObject object = node.object();
    Map<CounterId, Series> counters = new HashMap<>();
    fields(object, COUNTERS)
        .forEach((id, series) -> counters.put(new CounterId(id), SeriesCodec.read(series)));
    return new Facet(
        IdentifierCodec.read(object.required(OWNER)),
        readTraits(object, TRAITS),
        readTraits(object, TAGS),
        readLists(object),
        counters,
        object.optional(COUNTER_SET).map(JsonNode::text).orElse(""),
        object.optional(FIRST_SEEN).map(EventCodec::instant).orElse(Instant.MAX),
        object.optional(LAST_SEEN).map(EventCodec::instant).orElse(Instant.MIN),
        object.optional(EVENTS).map(n -> n.number().longValueExact()).orElse(0L),
        object.optional(VOUCHED).isPresent(),
        readSeen(object),
        PersonCodec.list(object, TAIL, EventCodec::read),
        object.optional(PAGE).map(FacetCodec::readPage).orElse(null));
  }

  static Value write(PageId page) {
    return new Items(List.of(Num.of(page.number()), new Text(page.digest())));
  }

  static PageId readPage(JsonNode node) {
    List<JsonNode> parts = node.list();
    return new PageId((int) parts.get(0).integer(1, Integer.MAX_VALUE), parts.get(1).text());
  }

  private static void putTraits(Map<String, Value> fields, String name, Map<String, Trait> traits) {
    if (!traits.isEmpty()) {
      Map<String, Value> written = new LinkedHashMap<>();
      new TreeMap<>(traits).forEach((trait, said) -> written.put(trait, write(said)));
      fields.put(name, new Fields(written));
    }
  }

  private static Map<String, Trait> readTraits(JsonObject object, String name) {
    Map<String, Trait> traits = new HashMap<>();
    fields(object, name).forEach((trait, said) -> traits.put(trait, readTrait(said)));
    return traits;
  }

  private static Value write(Trait trait) {
    List<Value> parts =
        new ArrayList<>(List.of(trait.value(), millis(trait.at()), new Text(trait.messageId())));
    if (trait.once()) {
      parts.add(new Bool(true));
    }
    return new Items(parts);
  }

  private static Trait readTrait(Value value) {
    List<JsonNode> parts = JsonNode.root(value).list();
    return new Trait(
        parts.get(0).value(), instant(parts.get(1)), parts.get(2).text(), parts.size() > 3);
  }

  private static Value write(Listed said) {
    return new Items(
        List.of(
            new Bool(said.in()), Num.of(said.version()), millis(said.at()), Num.of(said.turn())));
  }

  private static Map<SegmentId, Listed> readLists(JsonObject object) {
    Map<SegmentId, Listed> lists = new HashMap<>();
    fields(object, LISTS)
        .forEach(
            (id, said) -> {
              List<JsonNode> parts = JsonNode.root(said).list();
              lists.put(
                  new SegmentId(id),
                  new Listed(
                      parts.get(0).truth(),
                      parts.get(1).number().intValueExact(),
                      instant(parts.get(2)),
                      parts.get(3).number().longValueExact()));
            });
    return lists;
  }

  /** Fingerprints do not compress, so they go as bytes; their times do as differences. */
  private static void putSeen(Map<String, Value> fields, Seen seen) {
    if (!seen.newest().isEmpty()) {
      ByteBuffer fingerprints = ByteBuffer.allocate(FINGERPRINT * seen.newest().size());
      List<Value> times = new ArrayList<>();
      long before = 0;
      for (Map.Entry<Long, Past> event :
          seen.newest().entrySet().stream().sorted(OLDEST_FIRST).toList()) {
        fingerprints.putLong(event.getKey()).putShort((short) event.getValue().body());
        long millis = event.getValue().at().toEpochMilli();
        times.add(Num.of(millis - before));
        before = millis;
      }
      fields.put(
          SEEN,
          new Text(Base64.getEncoder().withoutPadding().encodeToString(fingerprints.array())));
      fields.put(SEEN_AT, new Items(times));
    }
    if (seen.horizon() != null) {
      fields.put(HORIZON, millis(seen.horizon()));
    }
    if (!seen.arrivals().equals(Arrivals.NONE)) {
      fields.put(ARRIVALS, write(seen.arrivals()));
    }
  }

  private static Seen readSeen(JsonObject object) {
    Map<Long, Past> newest = new HashMap<>();
    String bytes = object.optional(SEEN).map(JsonNode::text).orElse("");
    ByteBuffer fingerprints = ByteBuffer.wrap(Base64.getDecoder().decode(bytes));
    long millis = 0;
    for (JsonNode time : PersonCodec.list(object, SEEN_AT, node -> node)) {
      millis += time.number().longValueExact();
      newest.put(
          fingerprints.getLong(),
          new Past(Instant.ofEpochMilli(millis), Short.toUnsignedInt(fingerprints.getShort())));
    }
    @Nullable Instant horizon = object.optional(HORIZON).map(EventCodec::instant).orElse(null);
    return new Seen(
        newest,
        horizon,
        object.optional(ARRIVALS).map(FacetCodec::readArrivals).orElse(Arrivals.NONE));
  }

  private static Value write(Arrivals arrivals) {
    List<Value> parts =
        new ArrayList<>(List.of(Num.of(arrivals.day().toEpochDay()), Num.of(arrivals.events())));
    if (arrivals.quarantined() != null || arrivals.released() != null) {
      parts.add(write(arrivals.quarantined()));
      parts.add(write(arrivals.released()));
    }
    return new Items(parts);
  }

  private static Arrivals readArrivals(JsonNode node) {
    List<JsonNode> parts = node.list();
    return new Arrivals(
        LocalDate.ofEpochDay(parts.get(0).number().longValueExact()),
        parts.get(1).number().intValueExact(),
        parts.size() > 2 ? readInstant(parts.get(2)) : null,
        parts.size() > 2 ? readInstant(parts.get(3)) : null);
  }

  private static Value write(@Nullable Instant at) {
    return at == null ? new Value.Null() : millis(at);
  }

  private static @Nullable Instant readInstant(JsonNode node) {
    return node.value() instanceof Value.Null ? null : instant(node);
  }

  private static Map<String, Value> fields(JsonObject object, String name) {
    return object.optional(name).map(node -> node.object().fields()).orElse(Fields.EMPTY).fields();
  }
}
