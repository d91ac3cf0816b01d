package dev.perennial.json;

import static dev.perennial.json.EventCodec.millis;

import dev.perennial.domain.erasure.Erasure;
import dev.perennial.domain.erasure.Remains;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Erasures, as stored and as the API answers them, and what remains of the erased. */
public final class ErasureCodec {

  private static final String ID = "id";
  private static final String STATE = "state";
  private static final String BY = "by";
  private static final String REQUESTED_AT = "requestedAt";
  private static final String ERASED_AT = "erasedAt";
  private static final String VERIFIED_AT = "verifiedAt";
  private static final String REFUSED_UNTIL = "refusedUntil";
  private static final String COUNTS = "counts";
  private static final String IDENTIFIERS = "i";
  private static final String DEVICES = "t";
  private static final String NEIGHBOURS = "n";
  private static final String EXITS = "x";
  private static final String NEXT_DUE = "d";

  private ErasureCodec() {}

  /** The erasure, as stored and as answered, without how much of a visit is done. */
  public static Fields write(Erasure erasure) {
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put(ID, new Text(erasure.id()));
    fields.put(STATE, new Text(JsonNode.name(erasure.state())));
    fields.put(BY, new Text(erasure.by()));
    put(fields, REQUESTED_AT, erasure.requestedAt());
    put(fields, ERASED_AT, erasure.erasedAt());
    put(fields, VERIFIED_AT, erasure.verifiedAt());
    put(fields, REFUSED_UNTIL, erasure.refusedUntil());
    Map<String, Value> counts = new LinkedHashMap<>();
    new TreeMap<>(erasure.counts()).forEach((kind, n) -> counts.put(kind, Num.of(n)));
    fields.put(COUNTS, new Fields(counts));
    return new Fields(fields);
  }

  /** The erasure that was written. */
  public static Erasure read(Value document) {
    JsonObject object = JsonObject.root(document);
    Map<String, Long> counts = new TreeMap<>();
    JsonObject written = object.required(COUNTS).object();
    written
        .fields()
        .fields()
        .keySet()
        .forEach(kind -> counts.put(kind, written.required(kind).number().longValueExact()));
    return new Erasure(
        object.required(ID).text(),
        object.required(BY).text(),
        object.required(REQUESTED_AT).instant(),
        object.required(REFUSED_UNTIL).instant(),
        object.optional(ERASED_AT).map(JsonNode::instant).orElse(null),
        object.optional(VERIFIED_AT).map(JsonNode::instant).orElse(null),
        object.required(STATE).choice(Erasure.State.class) == Erasure.State.LAPSED,
        0,
        counts);
  }

  /** The remains without the ids of the erasure and of the person. */
  public static Fields write(Remains remains) {
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put(IDENTIFIERS, ids(remains.identifiers()));
    PersonCodec.putUnlessEmpty(
        fields, DEVICES, new TreeSet<>(remains.devices()), id -> new Text(id.value()));
    fields.put(NEIGHBOURS, ids(remains.neighbours()));
    PersonCodec.putUnlessEmpty(fields, EXITS, remains.exits(), PersonCodec::write);
    if (remains.nextDue() != null) {
      fields.put(NEXT_DUE, millis(remains.nextDue()));
    }
    return new Fields(fields);
  }

  /** The remains that were written. */
  public static Remains readRemains(String erasure, PersonId person, Value document) {
    JsonObject object = JsonObject.root(document);
    return new Remains(
        erasure,
        person,
        Set.copyOf(PersonCodec.list(object, IDENTIFIERS, ErasureCodec::id)),
        Set.copyOf(PersonCodec.list(object, DEVICES, ErasureCodec::id)),
        Set.copyOf(PersonCodec.list(object, NEIGHBOURS, ErasureCodec::id)),
        PersonCodec.list(object, EXITS, PersonCodec::readTransition),
        object.optional(NEXT_DUE).map(EventCodec::instant).orElse(null));
  }

  private static PersonId id(JsonNode node) {
    return new PersonId(node.text());
  }

  private static Items ids(Collection<PersonId> ids) {
    return new Items(new TreeSet<>(ids).stream().<Value>map(id -> new Text(id.value())).toList());
  }

  private static void put(Map<String, Value> fields, String name, @Nullable Instant at) {
    if (at != null) {
      fields.put(name, new Text(at.toString()));
    }
  }
}
