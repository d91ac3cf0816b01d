package dev.perennial.domain.delivery;

import dev.perennial.domain.Digest;
import dev.perennial.domain.Publisher;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.Trust;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Text;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reports what a person did with a message as an event of theirs, under the name that Segment's
 * spec gives it, so that segments and journeys know of it. What only providers did, such as
 * delivering it, is no act of the person: it would make somebody look active who is not.
 *
 * @see <a href="https://segment.com/docs/connections/spec/email/">Segment's email events</a>
 */
public final class ReportReceipt {

  private final Publisher<Event> events;

  public ReportReceipt(Publisher<Event> events) {
    this.events = events;
  }

  /**
   * Reports it; again is as good as once, for the event is the same.
   *
   * @param to where the message that it is about went
   */
  public void report(Send send, Address to, Receipt receipt, Instant now) {
    event(send, to, receipt, now).ifPresent(event -> events.publish(List.of(event)));
  }

  private static Optional<Event> event(Send send, Address to, Receipt receipt, Instant now) {
    Identifier owner = identifier(to);
    String name = name(receipt.kind());
    if (owner == null || name == null) {
      return Optional.empty();
    }
    Map<String, Value> properties = new LinkedHashMap<>();
    properties.put("sendId", new Text(send.id()));
    properties.put("channel", new Text(to.channel().name().toLowerCase(Locale.ROOT)));
    properties.put("topic", new Text(send.request().topic()));
    properties.put("content", new Text(send.request().content()));
    properties.put("definition", new Text(send.request().definition()));
    return Optional.of(
        new Event(
            owner,
            List.of(),
            Digest.of("receipt", send.id(), receipt.kind().name()),
            EventType.TRACK,
            name,
            receipt.at().isAfter(now) ? now : receipt.at(),
            now,
            Trust.SERVER,
            new Fields(properties),
            Fields.EMPTY,
            Fields.EMPTY));
  }

  /** Null for what is no act of a person. */
  private static @Nullable String name(Receipt.Kind kind) {
    return switch (kind) {
      case OPENED -> "Email Opened";
      case CLICKED -> "Email Link Clicked";
      case COMPLAINED -> "Email Marked as Spam";
      case UNSUBSCRIBED -> "Unsubscribed";
      case DELIVERED, BOUNCED, FAILED -> null;
    };
  }

  /** The event is about whoever has the address; null of a device, which nobody is known by. */
  private static @Nullable Identifier identifier(Address to) {
    return switch (to.kind()) {
      case EMAIL -> new Identifier(Namespace.EMAIL, to.value());
      case PHONE -> new Identifier(Namespace.PHONE, to.value());
      case FCM, APNS, BAIDU -> null;
    };
  }
}
