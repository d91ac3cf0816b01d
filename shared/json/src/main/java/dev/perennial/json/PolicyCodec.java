package dev.perennial.json;

import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.FrequencyCap;
import dev.perennial.domain.delivery.FrequencyCap.Period;
import dev.perennial.domain.delivery.Policy;
import dev.perennial.domain.delivery.QuietHours;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Null;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import java.time.DateTimeException;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes a workspace's settings. What a document leaves out is as {@linkplain
 * Policy#SHIPPED shipped}; what it sets to null is off.
 */
public final class PolicyCodec {

  private static final int LONGEST_TOPIC = 64;
  private static final int MOST_CAPS = 50;
  private static final int MOST_PER_SECOND = 100_000;
  private static final int MOST_PER_HOUR = 100_000_000;

  private PolicyCodec() {}

  /**
   * The policy that a document describes.
   *
   * @throws InvalidDocument when it describes none
   */
  public static Policy read(Fields document) {
    JsonObject settings = JsonObject.root(document);
    Policy shipped = Policy.SHIPPED;
    settings.optional("holdout").ifPresent(PolicyCodec::refuseHoldout);
    Policy policy =
        new Policy(
            settings
                .optional("timezone")
                .map(
                    zone ->
                        Policy.zone(zone.text())
                            .orElseThrow(() -> zone.invalid("must be a zone, as Europe/Vienna is")))
                .orElse(shipped.zone()),
            nullable(settings, "quietHours", shipped.quietHours(), PolicyCodec::quietHours),
            settings.optional("caps").map(PolicyCodec::caps).orElse(shipped.caps()),
            settings
                .optional("transactionalTopics")
                .map(PolicyCodec::topics)
                .orElse(shipped.transactional()),
            settings
                .optional("onlyOnceGranted")
                .map(PolicyCodec::channels)
                .orElse(shipped.onlyOnceGranted()),
            limits(settings, "perAddressPerDay", 0, Permissions.MOST_COUNTED)
                .orElse(shipped.perAddressPerDay()),
            limits(settings, "perWriteKeyPerHour", 0, MOST_PER_HOUR)
                .orElse(shipped.perWriteKeyPerHour()),
            limits(settings, "perSecond", 1, MOST_PER_SECOND).orElse(shipped.perSecond()));
    settings.refuseOthers();
    return policy;
  }

  /** The whole policy as a document. */
  public static Fields write(Policy policy) {
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put("holdout", Num.of(0));
    fields.put("timezone", new Text(policy.zone().getId()));
    QuietHours quiet = policy.quietHours();
    fields.put("quietHours", quiet == null ? new Null() : write(quiet));
    fields.put("caps", new Items(policy.caps().stream().<Value>map(PolicyCodec::write).toList()));
    fields.put(
        "transactionalTopics",
        new Items(policy.transactional().stream().sorted().<Value>map(Text::new).toList()));
    fields.put(
        "onlyOnceGranted",
        new Items(
            policy.onlyOnceGranted().stream()
                .sorted()
                .<Value>map(channel -> new Text(JsonNode.name(channel)))
                .toList()));
    fields.put("perAddressPerDay", write(policy.perAddressPerDay()));
    fields.put("perWriteKeyPerHour", write(policy.perWriteKeyPerHour()));
    fields.put("perSecond", write(policy.perSecond()));
    return new Fields(fields);
  }

  private static Fields write(Map<Channel, Integer> limits) {
    Map<String, Value> fields = new LinkedHashMap<>();
    new TreeMap<>(limits)
        .forEach((channel, most) -> fields.put(JsonNode.name(channel), Num.of(most)));
    return new Fields(fields);
  }

  private static void refuseHoldout(JsonNode holdout) {
    if (holdout.number().signum() != 0) {
      throw holdout.invalid("must be 0: nobody is held out of messages yet");
    }
  }

  private static QuietHours quietHours(JsonNode node) {
    JsonObject hours = node.object();
    LocalTime from = time(hours.required("from"));
    LocalTime to = time(hours.required("to"));
    hours.refuseOthers();
    if (from.equals(to)) {
      throw node.invalid("must not end when they begin; null means none");
    }
    return new QuietHours(from, to);
  }

  private static Fields write(QuietHours quiet) {
    Map<String, Value> hours = new LinkedHashMap<>();
    hours.put("from", new Text(quiet.from().toString()));
    hours.put("to", new Text(quiet.to().toString()));
    return new Fields(hours);
  }

  private static LocalTime time(JsonNode node) {
    try {
      return LocalTime.parse(node.text());
    } catch (DateTimeException e) {
      throw node.invalid("must be a time of day, such as 21:00");
    }
  }

  private static List<FrequencyCap> caps(JsonNode list) {
    List<FrequencyCap> caps = new ArrayList<>();
    for (JsonNode node : list.list()) {
      JsonObject cap = node.object();
      caps.add(
          new FrequencyCap(
              cap.optional("channel").map(channel -> channel.choice(Channel.class)).orElse(null),
              cap.optional("topic").map(topic -> topic.line(LONGEST_TOPIC)).orElse(null),
              cap.required("per").choice(Period.class),
              number(cap.required("most"), 0)));
      cap.refuseOthers();
    }
    if (caps.size() > MOST_CAPS) {
      throw list.invalid("must have at most " + MOST_CAPS + " caps");
    }
    return caps;
  }

  private static Fields write(FrequencyCap cap) {
    Map<String, Value> fields = new LinkedHashMap<>();
    Optional.ofNullable(cap.channel())
        .ifPresent(channel -> fields.put("channel", new Text(JsonNode.name(channel))));
    Optional.ofNullable(cap.topic()).ifPresent(topic -> fields.put("topic", new Text(topic)));
    fields.put("per", new Text(JsonNode.name(cap.per())));
    fields.put("most", Num.of(cap.most()));
    return new Fields(fields);
  }

  private static Set<String> topics(JsonNode list) {
    Set<String> topics = new HashSet<>();
    list.list().forEach(topic -> topics.add(topic.line(LONGEST_TOPIC)));
    return topics;
  }

  private static Set<Channel> channels(JsonNode list) {
    Set<Channel> channels = EnumSet.noneOf(Channel.class);
    list.list().forEach(channel -> channels.add(channel.choice(Channel.class)));
    return channels;
  }

  /** Limits by channel; none at all when the setting is null. */
  private static Optional<Map<Channel, Integer>> limits(
      JsonObject settings, String name, int least, int most) {
    Map<Channel, Integer> limits = new EnumMap<>(Channel.class);
    if (settings.has(name) && settings.optional(name).isEmpty()) {
      return Optional.of(limits);
    }
    return settings
        .optional(name)
        .map(JsonNode::object)
        .map(
            object -> {
              for (Channel channel : Channel.values()) {
                object
                    .optional(JsonNode.name(channel))
                    .ifPresent(
                        limit -> limits.put(channel, Math.toIntExact(limit.integer(least, most))));
              }
              object.refuseOthers();
              return limits;
            });
  }

  private static int number(JsonNode node, int least) {
    return Math.toIntExact(node.integer(least, Permissions.MOST_COUNTED));
  }

  private static <T> @Nullable T nullable(
      JsonObject settings, String name, @Nullable T shipped, Function<JsonNode, T> reading) {
    return settings.has(name) ? settings.optional(name).map(reading).orElse(null) : shipped;
  }
}
