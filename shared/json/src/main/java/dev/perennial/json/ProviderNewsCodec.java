package dev.perennial.json;

import dev.perennial.domain.delivery.Address;
import dev.perennial.domain.delivery.ProviderNews;
import dev.perennial.domain.delivery.ProviderNews.Fate;
import dev.perennial.domain.delivery.ProviderNews.Nothing;
import dev.perennial.domain.delivery.ProviderNews.Reply;
import dev.perennial.domain.delivery.Receipt;
import dev.perennial.domain.delivery.Receipt.Kind;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads what SES and the SMS services tell, as EventBridge or SNS bring it. Fields that nobody asks
 * for are passed over: providers add them as they like.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html">Events
 *     of SES</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-event-types.html">Events
 *     of SMS</a>
 */
public final class ProviderNewsCodec {

  private ProviderNewsCodec() {}

  /**
   * The news of a message.
   *
   * @param now when it is about, where it does not say
   * @throws JsonProblem when it is no JSON
   * @throws InvalidDocument when it misses what such news have
   */
  public static ProviderNews readMessage(String message, Instant now) {
    JsonObject root = JsonNode.root(Json.readOwn(message)).object();
    Optional<JsonNode> sns = root.optional("Message");
    if (sns.isPresent()) {
      // A repeat must not look newer than what came after the first.
      Instant told = root.optional("Timestamp").map(JsonNode::instant).orElse(now);
      return readMessage(sns.get().text(), told);
    }
    JsonObject news = root.optional("detail").map(JsonNode::object).orElse(root);
    if (news.has("mail")) {
      return email(news, now);
    }
    if (news.has("originationNumber") && news.has("messageBody")) {
      Address from = new Address(Address.Kind.PHONE, news.required("originationNumber").text());
      return new Reply(from, news.required("messageBody").text(), now);
    }
    return news.has("eventType") ? sms(news, now) : new Nothing();
  }

  private static ProviderNews email(JsonObject news, Instant now) {
    JsonObject mail = news.required("mail").object();
    Optional<String> send =
        mail.optional("tags")
            .flatMap(tags -> tags.object().optional("sendId"))
            .flatMap(values -> values.list().stream().findFirst())
            .map(JsonNode::text);
    if (send.isEmpty()) {
      return new Nothing();
    }
    String type = news.required("eventType").text();
    Fated fated =
        new Fated(
            send.get(),
            mail.required("messageId").text(),
            // One message of ours has one recipient.
            new Address(Address.Kind.EMAIL, mail.required("destination").list().getFirst().text()));
    return switch (type) {
      case "Delivery" -> fated.fate(Kind.DELIVERED, at(news, "delivery", now), null);
      case "Bounce" -> {
        JsonObject bounce = news.required("bounce").object();
        String kind = bounce.required("bounceType").text();
        yield fated.fate(
            kind.equals("Permanent") ? Kind.BOUNCED : Kind.FAILED, at(news, "bounce", now), kind);
      }
      case "Complaint" -> fated.fate(complaint(news), at(news, "complaint", now), null);
      case "Reject" -> fated.fate(Kind.FAILED, now, "rejected");
      default -> new Nothing();
    };
  }

  /** Whoever moves a message out of the spam folder has it, and complains of nothing. */
  private static Kind complaint(JsonObject news) {
    return news.optional("complaint")
        .flatMap(complaint -> complaint.object().optional("complaintFeedbackType"))
        .filter(type -> type.text().equals("not-spam"))
        .map(_ -> Kind.DELIVERED)
        .orElse(Kind.COMPLAINED);
  }

  private static ProviderNews sms(JsonObject news, Instant now) {
    Optional<String> send =
        news.optional("context")
            .flatMap(context -> context.object().optional("sendId"))
            .map(JsonNode::text);
    Instant at =
        news.optional("eventTimestamp")
            .map(stamp -> Instant.ofEpochMilli(stamp.number().longValue()))
            .orElse(now);
    String type = news.required("eventType").text();
    Kind kind =
        switch (type) {
          case "TEXT_DELIVERED", "TEXT_SUCCESSFUL" -> Kind.DELIVERED;
          case "TEXT_INVALID" -> Kind.BOUNCED;
          case "TEXT_BLOCKED",
              "TEXT_CARRIER_BLOCKED",
              "TEXT_CARRIER_UNREACHABLE",
              "TEXT_INVALID_MESSAGE",
              "TEXT_SPAM",
              "TEXT_TTL_EXPIRED",
              "TEXT_UNKNOWN",
              "TEXT_UNREACHABLE" ->
              Kind.FAILED;
          default -> null;
        };
    return send.isEmpty() || kind == null
        ? new Nothing()
        : new Fated(
                send.get(),
                news.required("messageId").text(),
                new Address(Address.Kind.PHONE, news.required("destinationPhoneNumber").text()))
            .fate(kind, at, type);
  }

  private static Instant at(JsonObject news, String part, Instant now) {
    return news.optional(part)
        .flatMap(node -> node.object().optional("timestamp"))
        .map(JsonNode::instant)
        .orElse(now);
  }

  /** A message that there is news of. */
  private record Fated(String send, String providerId, Address to) {
    Fate fate(Kind kind, Instant at, @Nullable String detail) {
      return new Fate(new Receipt(send, kind, at, detail), providerId, to);
    }
  }
}
