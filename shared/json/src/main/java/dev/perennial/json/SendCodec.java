package dev.perennial.json;

import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.Finding;
import dev.perennial.domain.delivery.Send;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Bool;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes sends as the API answers them. */
public final class SendCodec {

  private SendCodec() {}

  public static Fields write(Send send) {
    Map<String, Value> fields = new LinkedHashMap<>();
    put(fields, "id", send.id());
    put(fields, "profileId", send.person().value());
    put(fields, "definition", send.definition());
    put(fields, "step", send.step());
    put(fields, "occurrence", send.occurrence());
    put(fields, "content", send.content());
    put(fields, "topic", send.topic());
    put(fields, "state", send.state().title());
    put(fields, "channel", send.to() == null ? null : JsonNode.name(send.to().channel()));
    put(fields, "to", send.to() == null ? null : send.to().value());
    put(fields, "at", send.at().toString());
    fields.put("attempts", Num.of(send.attempts()));
    put(fields, "providerId", send.providerId());
    put(fields, "detail", send.detail());
    fields.put("decision", findings(send.findings()));
    return new Fields(fields);
  }

  /** A send as an item of a person's history. */
  public static Fields writeHistory(Send send) {
    Map<String, Value> properties = new LinkedHashMap<>();
    put(properties, "content", send.content());
    put(properties, "state", send.state().title());
    put(properties, "channel", send.to() == null ? null : JsonNode.name(send.to().channel()));
    Map<String, Value> fields = new LinkedHashMap<>();
    put(fields, "messageId", send.id());
    put(fields, "type", "send");
    put(fields, "event", send.definition());
    put(fields, "at", send.at().toString());
    fields.put("properties", new Fields(properties));
    return new Fields(fields);
  }

  /** Findings as a list, in order. */
  public static Items findings(List<Finding> findings) {
    return new Items(
        findings.stream()
            .<Value>map(
                finding ->
                    new Fields(
                        Map.of(
                            "channel", new Text(JsonNode.name(finding.channel())),
                            "rule", new Text(JsonNode.name(finding.rule())),
                            "passed", new Bool(finding.passed()),
                            "fact", new Text(finding.fact()))))
            .toList());
  }

  /** What {@link #findings(List)} wrote. */
  public static List<Finding> findings(JsonNode list) {
    return list.list().stream()
        .map(JsonNode::object)
        .map(
            fields ->
                new Finding(
                    fields.required("channel").choice(Channel.class),
                    fields.required("rule").choice(Finding.Rule.class),
                    fields.required("passed").truth(),
                    fields.required("fact").text()))
        .toList();
  }

  private static void put(Map<String, Value> fields, String name, @Nullable String text) {
    if (text != null) {
      fields.put(name, new Text(text));
    }
  }
}
