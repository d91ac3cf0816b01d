package dev.perennial.domain.delivery;

import dev.perennial.domain.delivery.Address.Kind;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.segment.Facts;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Text;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a person can be reached. */
public final class Addresses {

  /** The trait that holds a device token when the app's own servers say it. */
  public static final String PUSH_TOKEN = "pushToken";

  /**
   * Apple's device tokens are 32 bytes in hex; those of Firebase are longer and hold other
   * characters.
   */
  private static final Pattern APPLE_TOKEN = Pattern.compile("[0-9a-fA-F]{64}");

  private static final Comparator<Map.Entry<Identifier, Instant>> NEWEST =
      Map.Entry.<Identifier, Instant>comparingByValue()
          .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder()));

  private Addresses() {}

  /** The address that the person showed last on that channel. */
  public static Optional<Address> of(Person person, Channel channel) {
    return switch (channel) {
      case EMAIL -> newest(person, Namespace.EMAIL, Kind.EMAIL);
      case SMS -> newest(person, Namespace.PHONE, Kind.PHONE);
      case PUSH -> device(person);
    };
  }

  private static Optional<Address> newest(Person person, Namespace namespace, Kind kind) {
    return person.identifiers().entrySet().stream()
        .filter(known -> known.getKey().namespace().equals(namespace))
        .max(NEWEST)
        .map(known -> new Address(kind, known.getKey().value()));
  }

  private static Optional<Address> device(Person person) {
    Value token = Facts.of(person.facets().values()).traits().get(PUSH_TOKEN);
    if (token instanceof Text text && !text.text().isEmpty()) {
      return Optional.of(device(text.text(), null));
    }
    return person.facets().values().stream()
        .flatMap(facet -> facet.tail().stream())
        .filter(event -> token(event) != null)
        .max(Comparator.comparing(Event::timestamp).thenComparing(Event::messageId))
        .map(event -> device(String.valueOf(token(event)), platform(event)));
  }

  private static Address device(String token, @Nullable String platform) {
    boolean apple =
        platform == null ? APPLE_TOKEN.matcher(token).matches() : platform.equalsIgnoreCase("ios");
    return new Address(apple ? Kind.APNS : Kind.FCM, token);
  }

  private static @Nullable String token(Event event) {
    return event.context().get("device") instanceof Fields device ? device.text("token") : null;
  }

  private static @Nullable String platform(Event event) {
    return event.context().get("device") instanceof Fields device ? device.text("type") : null;
  }
}
