package dev.perennial.json;

import static dev.perennial.json.EventCodec.instant;
import static dev.perennial.json.EventCodec.millis;

import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Link;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.profile.People.Absorbed;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.segment.Membership;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Transition;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
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

  private static final String IDENTIFIERS = "i";
  private static final String LINKS = "l";
  private static final String FACETS = "f";
  private static final String MEMBERSHIPS = "m";
  private static final String OUTBOX = "x";
  private static final String NEXT_DUE = "d";
  private static final String RESHAPED = "r";

  private PersonCodec() {}

  public static Fields write(Person person) {
    Map<String, Value> fields = new LinkedHashMap<>();
    List<Value> identifiers = new ArrayList<>();
    new TreeMap<>(person.identifiers())
        .forEach(
            (identifier, at) ->
                identifiers.add(new Items(List.of(IdentifierCodec.write(identifier), millis(at)))));
    fields.put(IDENTIFIERS, new Items(identifiers));
    putUnlessEmpty(fields, LINKS, new TreeSet<>(person.links()), PersonCodec::write);
    putUnlessEmpty(fields, FACETS, new TreeMap<>(person.facets()).values(), FacetCodec::write);
    putMemberships(fields, person.memberships());
    putUnlessEmpty(fields, OUTBOX, person.outbox(), PersonCodec::write);
    if (person.nextDue() != null) {
      fields.put(NEXT_DUE, millis(person.nextDue()));
    }
    if (person.reshaped() != null) {
      fields.put(RESHAPED, new Text(JsonNode.name(person.reshaped())));
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
    Map<Identifier, Instant> identifiers = new HashMap<>();
    for (JsonNode identifier : object.required(IDENTIFIERS).list()) {
      List<JsonNode> pair = identifier.list();
      identifiers.put(IdentifierCodec.read(pair.get(0)), instant(pair.get(1)));
    }
    Set<Link> links = new HashSet<>(list(object, LINKS, PersonCodec::readLink));
    Map<Identifier, Facet> facets = new HashMap<>();
    list(object, FACETS, FacetCodec::read).forEach(facet -> facets.put(facet.owner(), facet));
    return new Person(
        id,
        version,
        identifiers,
        links,
        facets,
        readMemberships(object),
        list(object, OUTBOX, PersonCodec::readTransition),
        object.optional(NEXT_DUE).map(EventCodec::instant).orElse(null),
        object.optional(RESHAPED).map(cause -> cause.choice(Cause.class)).orElse(null));
  }

  /** What is kept of an absorbed person, without the ids and the version. */
  public static Fields write(Absorbed absorbed) {
    Map<String, Value> fields = new LinkedHashMap<>();
    putUnlessEmpty(
        fields, IDENTIFIERS, new TreeSet<>(absorbed.identifiers()), IdentifierCodec::write);
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
    return new Absorbed(
        id,
        version,
        into,
        Set.copyOf(list(object, IDENTIFIERS, IdentifierCodec::read)),
        readMemberships(object));
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

  private static Value write(Link link) {
    return new Items(
        List.of(
            IdentifierCodec.write(link.a()),
            IdentifierCodec.write(link.b()),
            new Text(JsonNode.name(link.kind())),
            new Text(JsonNode.name(link.strength())),
            millis(link.at()),
            new Text(link.eventId())));
  }

  private static Link readLink(JsonNode node) {
    List<JsonNode> parts = node.list();
    return new Link(
        IdentifierCodec.read(parts.get(0)),
        IdentifierCodec.read(parts.get(1)),
        parts.get(2).choice(Link.Kind.class),
        parts.get(3).choice(Link.Strength.class),
        instant(parts.get(4)),
        parts.get(5).text());
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
