package dev.perennial.json;

import static dev.perennial.json.EventCodec.instant;
import static dev.perennial.json.EventCodec.millis;

import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.profile.People.Absorbed;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Reshaping;
import dev.perennial.domain.profile.Trail;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.segment.Membership;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Transition;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Bool;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * People in storage, without id and version, which the store keeps beside. Field names are short,
 * and what is empty is left out. The same person is always the same document.
 */
public final class PersonCodec {

  private static final String FACETS = "f";
  private static final String MEMBERSHIPS = "m";
  private static final String OUTBOX = "x";
  private static final String NEXT_DUE = "d";
  private static final String RESHAPED = "r";
  private static final String SINCE = "rs";
  private static final String DEPARTED = "t";
  private static final String FORMER = "o";
  private static final String UNSETTLED = "u";

  private PersonCodec() {}

  public static Fields write(Person person) {
    Map<String, Value> fields = new LinkedHashMap<>();
    EvidenceCodec.put(fields, person.evidence());
    putUnlessEmpty(fields, FACETS, new TreeMap<>(person.facets()).values(), FacetCodec::write);
    putMemberships(fields, person.memberships());
    putUnlessEmpty(fields, OUTBOX, person.outbox(), PersonCodec::write);
    if (person.nextDue() != null) {
      fields.put(NEXT_DUE, millis(person.nextDue()));
    }
    Reshaping reshaped = person.reshaped();
    if (reshaped != null) {
      fields.put(RESHAPED, new Text(JsonNode.name(reshaped.cause())));
      fields.put(SINCE, millis(reshaped.since()));
    }
    putTrail(fields, person.trail());
    if (person.unsettled()) {
      fields.put(UNSETTLED, new Bool(true));
    }
    return new Fields(fields);
  }

  /**
   * The person that was written.
   *
   * @throws InvalidDocument when it is none
   */
  public static Person read(PersonId id, long version, Value document) {
    JsonObject object = JsonObject.root(document);
    Map<Identifier, Facet> facets = new HashMap<>();
    list(object, FACETS, FacetCodec::read).forEach(facet -> facets.put(facet.owner(), facet));
    return new Person(
        id,
        version,
        EvidenceCodec.read(object),
        facets,
        readMemberships(object),
        list(object, OUTBOX, PersonCodec::readTransition),
        object.optional(NEXT_DUE).map(EventCodec::instant).orElse(null),
        object
            .optional(RESHAPED)
            .map(cause -> cause.choice(Cause.class))
            .map(cause -> new Reshaping(cause, EventCodec.instant(object.required(SINCE))))
            .orElse(null),
        readTrail(object),
        object.optional(UNSETTLED).isPresent());
  }

  /** A facet that is stored beside its person. */
  public static Fields write(Facet facet) {
    return FacetCodec.write(facet);
  }

  /**
   * The facet that was written.
   *
   * @throws InvalidDocument when it is none
   */
  public static Facet readFacet(Value document) {
    return FacetCodec.read(JsonNode.root(document));
  }

  /** What is kept of an absorbed person, without the ids and the version. */
  public static Fields write(Absorbed absorbed) {
    Map<String, Value> fields = new LinkedHashMap<>();
    putTrail(fields, absorbed.trail());
    putMemberships(fields, absorbed.memberships());
    return new Fields(fields);
  }

  /**
   * What was written of an absorbed person.
   *
   * @throws InvalidDocument when it is none
   */
  public static Absorbed readAbsorbed(PersonId id, long version, PersonId into, Value document) {
    JsonObject object = JsonObject.root(document);
    return new Absorbed(id, version, into, readTrail(object), readMemberships(object));
  }

  static <T> void putUnlessEmpty(
      Map<String, Value> fields, String name, Collection<T> things, Function<T, Value> write) {
    if (!things.isEmpty()) {
      fields.put(name, new Items(things.stream().map(write).toList()));
    }
  }

  static <T> List<T> list(JsonObject object, String name, Function<JsonNode, T> read) {
    return object
        .optional(name)
        .map(node -> node.list().stream().map(read).toList())
        .orElse(List.of());
  }

  private static void putTrail(Map<String, Value> fields, Trail trail) {
    putUnlessEmpty(
        fields,
        DEPARTED,
        new TreeMap<>(trail.departed()).entrySet(),
        trace ->
            new Items(
                List.of(new Text(trace.getKey().value()), new Text(trace.getValue().value()))));
    putUnlessEmpty(fields, FORMER, new TreeSet<>(trail.former()), id -> new Text(id.value()));
  }

  private static Trail readTrail(JsonObject object) {
    Map<PersonId, PersonId> departed = new HashMap<>();
    for (List<JsonNode> trace : list(object, DEPARTED, JsonNode::list)) {
      departed.put(new PersonId(trace.get(0).text()), new PersonId(trace.get(1).text()));
    }
    return new Trail(departed, Set.copyOf(list(object, FORMER, node -> new PersonId(node.text()))));
  }

  private static void putMemberships(
      Map<String, Value> fields, Map<SegmentId, Membership> memberships) {
    putUnlessEmpty(
        fields,
        MEMBERSHIPS,
        new TreeMap<>(memberships).entrySet(),
        membership ->
            new Items(
                List.of(
                    new Text(membership.getKey().value()),
                    Num.of(membership.getValue().number()),
                    millis(membership.getValue().since()))));
  }

  private static Map<SegmentId, Membership> readMemberships(JsonObject object) {
    Map<SegmentId, Membership> memberships = new HashMap<>();
    for (List<JsonNode> parts : list(object, MEMBERSHIPS, JsonNode::list)) {
      memberships.put(
          new SegmentId(parts.get(0).text()),
          new Membership(parts.get(1).number().longValueExact(), instant(parts.get(2))));
    }
    return memberships;
  }

  static Value write(Transition transition) {
    return new Items(
        List.of(
            new Text(transition.person().value()),
            new Text(transition.segment().value()),
            Num.of(transition.number()),
            millis(transition.at()),
            new Text(JsonNode.name(transition.cause()))));
  }

  static Transition readTransition(JsonNode node) {
    List<JsonNode> parts = node.list();
    return new Transition(
        new PersonId(parts.get(0).text()),
        new SegmentId(parts.get(1).text()),
        parts.get(2).number().longValueExact(),
        instant(parts.get(3)),
        parts.get(4).choice(Cause.class));
  }
}
