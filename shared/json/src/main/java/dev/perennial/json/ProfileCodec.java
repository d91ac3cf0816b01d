package dev.perennial.json;

import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.profile.Profile;
import dev.perennial.domain.profile.Quarantine.Kept;
import dev.perennial.domain.segment.Rfm;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Bool;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Profiles as the API answers them. */
public final class ProfileCodec {

  private ProfileCodec() {}

  /**
   * The profile.
   *
   * @param kept what is kept aside of it
   */
  public static Fields write(Profile profile, Permissions permissions, List<Kept> kept) {
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put("id", new Text(profile.id().value()));
    fields.put(
        "identifiers",
        items(
            profile.identifiers().entrySet().stream()
                .map(identifier -> write(profile, identifier.getKey(), identifier.getValue()))
                .toList()));
    if (!profile.hidden().isEmpty()) {
      Map<String, Value> hidden = new TreeMap<>();
      profile.hidden().forEach((namespace, n) -> hidden.put(namespace, Num.of(n)));
      fields.put("hidden", new Fields(hidden));
    }
    fields.put("traits", new Fields(profile.traits()));
    fields.put("tags", new Fields(profile.tags()));
    fields.put("computed", new Fields(profile.computed()));
    fields.put("lifecycle", new Text(JsonNode.name(profile.lifecycle())));
    fields.put("stage", new Text(JsonNode.name(profile.stage())));
    if (!profile.scores().isEmpty()) {
      Map<String, Value> scores = new LinkedHashMap<>();
      for (Rfm.Dimension dimension : Rfm.Dimension.values()) {
        scores.put(JsonNode.name(dimension), Num.of(profile.scores().getOrDefault(dimension, 0)));
      }
      fields.put("rfm", new Fields(scores));
      fields.put("tier", new Text(ConditionCodec.tier(Rfm.tier(profile.scores()))));
    }
    fields.put(
        "segments",
        items(
            profile.segments().entrySet().stream()
                .map(
                    segment ->
                        fields(
                            "id",
                            new Text(segment.getKey().value()),
                            "enteredAt",
                            text(segment.getValue())))
                .toList()));
    fields.put("counters", fields("events", Num.of(profile.events())));
    fields.put("consent", items(permissions.consents().stream().map(ConsentCodec::write).toList()));
    fields.put("firstSeen", text(profile.firstSeen()));
    fields.put("lastSeen", text(profile.lastSeen()));
    if (!kept.isEmpty()) {
      fields.put("quarantine", items(kept.stream().map(ProfileCodec::write).toList()));
    }
    fields.put("completeness", new Num(BigDecimal.valueOf(profile.completeness())));
    fields.put("tagCoverage", new Num(BigDecimal.valueOf(profile.tagCoverage())));
    return new Fields(fields);
  }

  private static Fields write(Profile profile, Identifier identifier, Instant firstSeen) {
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put("namespace", new Text(identifier.namespace().name()));
    fields.put("value", new Text(identifier.value()));
    fields.put("firstSeen", text(firstSeen));
    if (Profile.ADDRESSES.contains(identifier.namespace())) {
      fields.put("verified", new Bool(profile.verified().contains(identifier)));
    }
    return new Fields(fields);
  }

  /** What is kept aside of one owner. */
  public static Fields write(Kept kept) {
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put("id", new Text(kept.id().value()));
    fields.put("identifier", new Text(kept.identifier().toString()));
    fields.put("since", text(kept.since()));
    fields.put("events", Num.of(kept.events()));
    return new Fields(fields);
  }

  /** An event as an item of a person's history. */
  public static Fields writeHistory(Event event) {
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put("messageId", new Text(event.messageId()));
    fields.put("type", new Text(JsonNode.name(event.type())));
    put(fields, "event", event.name());
    fields.put("at", text(event.timestamp()));
    fields.put("identifier", new Text(event.owner().toString()));
    fields.put("properties", event.properties());
    if (!event.traits().isEmpty()) {
      fields.put("traits", event.traits());
    }
    return new Fields(fields);
  }

  /**
   * The totals of the workspace.
   *
   * @param counts by name, in the order to show them
   * @param sends by channel and state
   */
  public static Fields writeTotals(Map<String, Long> counts, Map<String, Map<String, Long>> sends) {
    Map<String, Value> channels = new TreeMap<>();
    sends.forEach(
        (channel, states) -> {
          Map<String, Value> numbers = new TreeMap<>();
          states.forEach((state, n) -> numbers.put(state, Num.of(n)));
          channels.put(channel, new Fields(numbers));
        });
    Map<String, Value> fields = new LinkedHashMap<>();
    counts.forEach((name, n) -> fields.put(name, Num.of(n)));
    fields.put("sends", new Fields(channels));
    return new Fields(fields);
  }

  private static void put(Map<String, Value> fields, String name, @Nullable String text) {
    if (text != null) {
      fields.put(name, new Text(text));
    }
  }

  private static Text text(Instant at) {
    return new Text(at.toString());
  }

  private static Items items(List<Fields> items) {
    return new Items(List.copyOf(items));
  }

  private static Fields fields(String name, Value value) {
    return new Fields(Map.of(name, value));
  }

  private static Fields fields(String name, Value value, String second, Value other) {
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put(name, value);
    fields.put(second, other);
    return new Fields(fields);
  }
}
