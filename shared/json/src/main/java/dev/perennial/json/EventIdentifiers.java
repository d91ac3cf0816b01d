package dev.perennial.json;

import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.IdentifierReading;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Text;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The identifiers that an event of Segment's spec shows. Ids of the event itself must be proper;
 * what only may identify, such as an email address among the traits, is passed over when it does
 * not. Words for nobody ({@code undefined}, {@code 0}) count as absent everywhere.
 */
final class EventIdentifiers {

  /** External ids beyond this many are not looked at. */
  private static final int MOST_EXTERNAL_IDS = 20;

  private final SortedSet<Identifier> found = new TreeSet<>();

  private EventIdentifiers() {}

  /**
   * The identifiers, strongest first; at least one.
   *
   * @throws InvalidDocument when there is none, or an id of the event itself is not proper
   */
  static SortedSet<Identifier> of(JsonObject event, EventType type, Fields traits, Fields context) {
    EventIdentifiers identifiers = new EventIdentifiers();
    identifiers.require(event, "userId", Namespace.USER_ID);
    if (type == EventType.ALIAS) {
      if (identifiers.found.isEmpty()) {
        throw new InvalidDocument(event.pointer("userId"), "is required");
      }
      event.required("previousId");
      identifiers.require(event, "previousId", Namespace.ANONYMOUS_ID);
    }
    identifiers.require(event, "anonymousId", Namespace.ANONYMOUS_ID);
    identifiers.addTraits(traits);
    if (context.get("device") instanceof Fields device) {
      identifiers.add(Namespace.DEVICE_ID, device.get("id"));
    }
    if (context.get("externalIds") instanceof Items externalIds) {
      externalIds.items().stream().limit(MOST_EXTERNAL_IDS).forEach(identifiers::addExternal);
    }
    if (identifiers.found.isEmpty()) {
      throw new InvalidDocument(
          event.pointer("userId"), "userId, anonymousId or another identifier is required");
    }
    return identifiers.found;
  }

  private void addTraits(Fields traits) {
    add(Namespace.EMAIL, traits.get("email"));
    add(Namespace.PHONE, traits.get("phone"));
    add(Namespace.WECOM, traits.get("wecom"));
    if (traits.get("wechat") instanceof Fields wechat) {
      add(Namespace.WECHAT_UNION, wechat.get("unionid"));
      String appId = wechat.text("appid");
      if (appId != null) {
        add(Namespace.wechat(appId), wechat.get("openid"));
      }
    }
  }

  /**
   * An id of the spec's {@code {id, type, collection}}. Those of other collections than users name
   * no person, and the event's own ids, which decide its owner, are said by the event only.
   */
  private void addExternal(Value external) {
    if (external instanceof Fields fields) {
      String type = fields.text("type");
      String collection = fields.text("collection");
      if (type != null && (collection == null || collection.equals("users"))) {
        Namespace namespace = new Namespace(type);
        if (!namespace.equals(Namespace.USER_ID) && !namespace.equals(Namespace.ANONYMOUS_ID)) {
          add(namespace, fields.get("id"));
        }
      }
    }
  }

  private void require(JsonObject event, String name, Namespace namespace) {
    event
        .optional(name)
        .ifPresent(
            node -> {
              switch (IdentifierReading.of(namespace, node.text())) {
                case IdentifierReading.Accepted accepted -> found.add(accepted.identifier());
                case IdentifierReading.Blocked _ -> {}
                case IdentifierReading.Invalid invalid -> throw node.invalid(invalid.reason());
              }
            });
  }

  private void add(Namespace namespace, @Nullable Value value) {
    if (value instanceof Text text
        && IdentifierReading.of(namespace, text.text())
            instanceof IdentifierReading.Accepted accepted) {
      found.add(accepted.identifier());
    }
  }
}
