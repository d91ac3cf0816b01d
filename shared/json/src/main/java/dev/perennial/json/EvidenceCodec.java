package dev.perennial.json;

import static dev.perennial.json.EventCodec.instant;
import static dev.perennial.json.EventCodec.millis;

import dev.perennial.domain.identity.Evidence;
import dev.perennial.domain.identity.Evidence.Withdrawal;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Link;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Bool;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Evidence among the fields of a person in storage. Links name the person's own identifiers by
 * their place in the list, for most people have as many links as identifiers.
 */
final class EvidenceCodec {

  private static final String IDENTIFIERS = "i";
  private static final String LINKS = "l";
  private static final String WITHDRAWN = "w";
  private static final String RESETS = "k";

  private static final Comparator<Link.Key> ORDER =
      Comparator.comparing(Link.Key::a).thenComparing(Link.Key::b).thenComparing(Link.Key::merge);

  private EvidenceCodec() {}

  static void put(Map<String, Value> fields, Evidence evidence) {
    List<Value> identifiers = new ArrayList<>();
    Map<Identifier, Integer> places = new HashMap<>();
    new TreeMap<>(evidence.identifiers())
        .forEach(
            (identifier, at) -> {
              places.put(identifier, places.size());
              identifiers.add(new Items(List.of(IdentifierCodec.write(identifier), millis(at))));
            });
    fields.put(IDENTIFIERS, new Items(identifiers));
    PersonCodec.putUnlessEmpty(
        fields, LINKS, new TreeSet<>(evidence.links()), link -> write(link, places));
    PersonCodec.putUnlessEmpty(
        fields,
        WITHDRAWN,
        sorted(evidence.withdrawn()),
        bar ->
            new Items(
                List.of(
                    write(bar.getKey().a(), places),
                    write(bar.getKey().b(), places),
                    new Bool(bar.getKey().merge()),
                    millis(bar.getValue().at()),
                    new Text(bar.getValue().by()))));
    PersonCodec.putUnlessEmpty(
        fields,
        RESETS,
        new TreeMap<>(evidence.resets()).entrySet(),
        reset -> new Items(List.of(write(reset.getKey(), places), millis(reset.getValue()))));
  }

  static Evidence read(JsonObject object) {
    Map<Identifier, Instant> identifiers = new HashMap<>();
    List<Identifier> places = new ArrayList<>();
    for (JsonNode node : object.required(IDENTIFIERS).list()) {
      List<JsonNode> pair = node.list();
      places.add(IdentifierCodec.read(pair.get(0)));
      identifiers.put(places.getLast(), instant(pair.get(1)));
    }
    Set<Link> links =
        new HashSet<>(PersonCodec.list(object, LINKS, node -> readLink(node, places)));
    Map<Link.Key, Withdrawal> withdrawn = new HashMap<>();
    for (List<JsonNode> parts : PersonCodec.list(object, WITHDRAWN, JsonNode::list)) {
      withdrawn.put(
          new Link.Key(
              read(parts.get(0), places), read(parts.get(1), places), parts.get(2).truth()),
          new Withdrawal(instant(parts.get(3)), parts.get(4).text()));
    }
    Map<Identifier, Instant> resets = new HashMap<>();
    for (List<JsonNode> parts : PersonCodec.list(object, RESETS, JsonNode::list)) {
      resets.put(read(parts.get(0), places), instant(parts.get(1)));
    }
    return new Evidence(identifiers, links, withdrawn, resets);
  }

  private static Value write(Link link, Map<Identifier, Integer> places) {
    return new Items(
        List.of(
            write(link.a(), places),
            write(link.b(), places),
            new Text(JsonNode.name(link.kind())),
            new Text(JsonNode.name(link.strength())),
            millis(link.at()),
            new Text(link.eventId())));
  }

  private static Link readLink(JsonNode node, List<Identifier> places) {
    List<JsonNode> parts = node.list();
    return new Link(
        read(parts.get(0), places),
        read(parts.get(1), places),
        parts.get(2).choice(Link.Kind.class),
        parts.get(3).choice(Link.Strength.class),
        instant(parts.get(4)),
        parts.get(5).text());
  }

  /** The place of an identifier of the person's own, else the identifier. */
  private static Value write(Identifier identifier, Map<Identifier, Integer> places) {
    Integer place = places.get(identifier);
    return place == null ? IdentifierCodec.write(identifier) : Num.of(place);
  }

  private static Identifier read(JsonNode node, List<Identifier> places) {
    return node.value() instanceof Num
        ? places.get((int) node.integer(0, places.size() - 1L))
        : IdentifierCodec.read(node);
  }

  private static List<Map.Entry<Link.Key, Withdrawal>> sorted(Map<Link.Key, Withdrawal> withdrawn) {
    return withdrawn.entrySet().stream().sorted(Map.Entry.comparingByKey(ORDER)).toList();
  }
}
