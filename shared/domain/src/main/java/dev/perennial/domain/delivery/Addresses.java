package dev.perennial.domain.delivery;

import dev.perennial.domain.delivery.Address.Kind;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.value.Value.Text;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where a person can be reached: of several addresses of a kind a {@linkplain Person#isVerified
 * verified} one, and of several such the one whose earliest event is the latest, for what is shown
 * again is not kept.
 *
 * <p>A phone number gets messages only when it is verified. What only clients said joins people,
 * and makes no phone addressable: an SMS costs money, and whoever holds a write key could aim it at
 * anybody.
 */
public final class Addresses {

  /** Apple's device tokens are 32 bytes in hex. */
  private static final Pattern APPLE_TOKEN = Pattern.compile("[0-9a-fA-F]{64}");

  /** Baidu's channel ids are numbers; Firebase's tokens are longer than both and look otherwise. */
  private static final Pattern BAIDU_TOKEN = Pattern.compile("[0-9]{15,20}");

  private static final Comparator<Map.Entry<Identifier, Instant>> NEWEST =
      Map.Entry.<Identifier, Instant>comparingByValue()
          .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder()));

  private Addresses() {}

  /** The person's address on that channel; empty when none may be used. */
  public static Optional<Address> of(Person person, Channel channel) {
    return switch (channel) {
      case EMAIL -> newest(person, Namespace.EMAIL, Kind.EMAIL, _ -> true);
      case SMS -> newest(person, Namespace.PHONE, Kind.PHONE, person::isVerified);
      case PUSH -> device(person);
    };
  }

  /** All addresses on that channel, whether they may be used or not. */
  public static Set<Address> all(Person person, Channel channel) {
    return switch (channel) {
      case EMAIL -> all(person, Namespace.EMAIL, Kind.EMAIL);
      case SMS -> all(person, Namespace.PHONE, Kind.PHONE);
      case PUSH -> device(person).map(Set::of).orElse(Set.of());
    };
  }

  private static Set<Address> all(Person person, Namespace namespace, Kind kind) {
    return person.identifiers().keySet().stream()
        .filter(known -> known.namespace().equals(namespace))
        .map(known -> new Address(kind, known.value()))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Optional<Address> newest(
      Person person, Namespace namespace, Kind kind, Predicate<Identifier> usable) {
    return person.identifiers().entrySet().stream()
        .filter(known -> known.getKey().namespace().equals(namespace))
        .filter(known -> usable.test(known.getKey()))
        .max(
            Comparator.<Map.Entry<Identifier, Instant>, Boolean>comparing(
                    known -> person.isVerified(known.getKey()))
                .thenComparing(NEWEST))
        .map(known -> new Address(kind, known.getKey().value()));
  }

  private static Optional<Address> device(Person person) {
    return person.trait(Facet.PUSH_TOKEN) instanceof Text text && !text.text().isEmpty()
        ? Optional.of(new Address(kind(text.text()), text.text()))
        : Optional.empty();
  }

  private static Kind kind(String token) {
    if (APPLE_TOKEN.matcher(token).matches()) {
      return Kind.APNS;
    }
    return BAIDU_TOKEN.matcher(token).matches() ? Kind.BAIDU : Kind.FCM;
  }
}
