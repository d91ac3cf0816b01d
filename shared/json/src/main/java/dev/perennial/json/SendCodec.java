package dev.perennial.json;

import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.Finding;
import dev.perennial.domain.delivery.Receipt;
import dev.perennial.domain.delivery.Send;
import dev.perennial.domain.delivery.Send.State;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Bool;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import java.time.Instant;
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
    put(fields, "profileId", send.request().person().value());
    put(fields, "definition", send.request().definition());
    put(fields, "step", send.request().step());
    put(fields, "occurrence", send.request().occurrence());
    put(fields, "content", send.request().content());
    put(fields, "topic", send.request().topic());
    put(fields, "state", JsonNode.name(send.state()));
    put(fields, "channel", send.to() == null ? null : JsonNode.name(send.to().channel()));
    put(fields, "to", send.to() == null ? null : send.to().value());
    put(fields, "at", send.at().toString());
    fields.put("attempts", Num.of(send.attempts()));
    put(fields, "due", send.due() == null ? null : send.due().toString());
    put(fields, "providerId", send.providerId());
    put(fields, "detail", send.detail());
    fields.put("decision", findings(send.findings()));
    Map<String, Value> receipts = new LinkedHashMap<>();
    for (Receipt.Kind kind : Receipt.Kind.values()) {
      Instant at = send.receipts().get(kind);
      put(receipts, JsonNode.name(kind), at == null ? null : at.toString());
    }
    send.opened().ifPresent(at -> put(receipts, "opened", at.toString()));
    send.clicked().ifPresent(at -> put(receipts, "clicked", at.toString()));
    fields.put("receipts", new Fields(receipts));
    return new Fields(fields);
  }

  /** What was asked for, and the words for it. */
  public static Fields explained(List<Send> sends, List<String> words) {
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put("sent", new Bool(sends.stream().anyMatch(send -> send.state() == State.SENT)));
    fields.put("why", new Items(words.stream().<Value>map(Text::new).toList()));
    fields.put("sends", new Items(sends.stream().<Value>map(SendCodec::write).toList()));
    return new Fields(fields);
  }

  /** A send as an item of a person's history. */
  public static Fields writeHistory(Send send) {
    Map<String, Value> properties = new LinkedHashMap<>();
    put(properties, "content", send.request().content());
    put(properties, "state", JsonNode.name(send.state()));
    put(properties, "channel", send.to() == null ? null : JsonNode.name(send.to().channel()));
    Map<String, Value> fields = new LinkedHashMap<>();
    put(fields, "messageId", send.id());
    put(fields, "type", "send");
    put(fields, "event", send.request().definition());
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
