package dev.perennial.aws.dynamodb;

import dev.perennial.domain.consent.Block;
import dev.perennial.domain.delivery.Address;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.Receipt;
import dev.perennial.domain.delivery.Send;
import dev.perennial.domain.delivery.Send.State;
import dev.perennial.domain.delivery.Visit;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.json.EventCodec;
import dev.perennial.json.Json;
import dev.perennial.json.JsonNode;
import dev.perennial.json.SendCodec;
import dev.perennial.json.SendRequestCodec;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A send as an item: {@code pk = SEND#<id>, sk = SEND}. */
final class SendItem {

  static final String TTL = "ttl";

  private SendItem() {}

  /** The attributes of {@link #decided}, of which some may be absent. */
  static final List<String> DECIDED =
      List.of(
          "id",
          TTL,
          "request",
          "data",
          "event",
          "at",
          "state",
          "attempts",
          "doubtful",
          "findings",
          "addressKind",
          "address",
          "refused",
          "block",
          "due",
          "providerId",
          "detail");

  static Map<String, AttributeValue> write(Send send) {
    Map<String, AttributeValue> item = decided(send);
    item.putAll(key(send.id()));
    send.receipts().forEach((kind, at) -> item.put(receiptName(kind), number(at.toEpochMilli())));
    if (!send.visits().isEmpty()) {
      item.put("visits", write(send.visits()));
    }
    return item;
  }

  /** All but what comes from outside, at any time: receipts and visits. */
  static Map<String, AttributeValue> decided(Send send) {
    Map<String, AttributeValue> item = new HashMap<>();
    item.put("id", text(send.id()));
    item.put(TTL, ttl(send));
    // All that was asked for, event and data apart: they are needed for a while only.
    item.put("request", text(SendRequestCodec.writeMessage(send.request().bare())));
    if (!send.request().data().isEmpty()) {
      item.put("data", text(Json.text(send.request().data())));
    }
    if (send.request().event() != null) {
      item.put("event", text(Json.text(EventCodec.write(send.request().event()))));
    }
    item.put("at", text(send.at().toString()));
    item.put("state", text(send.state().name()));
    item.put("attempts", number(send.attempts()));
    if (send.doubtful()) {
      item.put("doubtful", AttributeValue.fromBool(true));
    }
    item.put("findings", text(Json.text(SendCodec.findings(send.findings()))));
    if (send.to() != null) {
      item.put("addressKind", text(send.to().kind().name()));
      item.put("address", text(send.to().value()));
    }
    if (!send.refused().isEmpty()) {
      item.put(
          "refused", AttributeValue.fromSs(send.refused().stream().map(Channel::name).toList()));
    }
    if (send.block() != null) {
      item.put("block", text(send.block().name()));
    }
    if (send.due() != null) {
      item.put("due", text(send.due().toString()));
    }
    if (send.providerId() != null) {
      item.put("providerId", text(send.providerId()));
    }
    if (send.detail() != null) {
      item.put("detail", text(send.detail()));
    }
    return item;
  }

  /** What {@link #write(Send)} wrote, and updates made of it. */
  static Send read(Item item) {
    return new Send(
        item.text("id"),
        SendRequestCodec.readMessage(item.text("request")).with(event(item), data(item)),
        Instant.parse(item.text("at")),
        State.valueOf(item.text("state")),
        Math.toIntExact(item.number("attempts")),
        item.has("doubtful"),
        item.has("address")
            ? new Address(Address.Kind.valueOf(item.text("addressKind")), item.text("address"))
            : null,
        refused(item),
        item.has("block") ? Block.Reason.valueOf(item.text("block")) : null,
        SendCodec.findings(JsonNode.root(Json.readOwn(item.text("findings")))),
        item.has("due") ? Instant.parse(item.text("due")) : null,
        item.has("providerId") ? item.text("providerId") : null,
        item.has("detail") ? item.text("detail") : null,
        receipts(item),
        item.has("visits")
            ? item.list("visits").stream().map(SendItem::visit).toList()
            : List.of());
  }

  static AttributeValue write(List<Visit> visits) {
    return AttributeValue.fromL(visits.stream().map(SendItem::write).toList());
  }

  static AttributeValue write(Visit visit) {
    return AttributeValue.fromM(
        Map.of("link", text(visit.link()), "at", number(visit.at().toEpochMilli())));
  }

  private static Visit visit(Item item) {
    return new Visit(item.text("link"), Instant.ofEpochMilli(item.number("at")));
  }

  static String receiptName(Receipt.Kind kind) {
    return "receipt" + kind.name();
  }

  private static Map<Receipt.Kind, Instant> receipts(Item item) {
    Map<Receipt.Kind, Instant> receipts = new EnumMap<>(Receipt.Kind.class);
    for (Receipt.Kind kind : Receipt.Kind.values()) {
      if (item.has(receiptName(kind))) {
        receipts.put(kind, Instant.ofEpochMilli(item.number(receiptName(kind))));
      }
    }
    return receipts;
  }

  private static @Nullable Event event(Item item) {
    return item.has("event")
        ? EventCodec.read(JsonNode.root(Json.readOwn(item.text("event"))))
        : null;
  }

  private static Fields data(Item item) {
    return item.has("data")
        ? JsonNode.root(Json.readOwn(item.text("data"))).object().fields()
        : Fields.EMPTY;
  }

  static AttributeValue ttl(Send send) {
    return number(send.keptUntil().getEpochSecond());
  }

  private static Set<Channel> refused(Item item) {
    return item.has("refused")
        ? item.texts("refused").stream().map(Channel::valueOf).collect(Collectors.toSet())
        : Set.of();
  }

  static Map<String, AttributeValue> key(String id) {
    return Map.of("pk", text(ItemKey.of("SEND", id)), "sk", text("SEND"));
  }

  private static AttributeValue text(String text) {
    return AttributeValue.fromS(text);
  }

  private static AttributeValue number(long number) {
    return AttributeValue.fromN(Long.toString(number));
  }
}
