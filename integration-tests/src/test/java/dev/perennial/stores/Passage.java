package dev.perennial.stores;

import dev.perennial.domain.delivery.Address;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.Policy;
import dev.perennial.domain.delivery.SendMessage;
import dev.perennial.domain.delivery.SendRequest;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Link;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Seen;
import dev.perennial.domain.profile.Trait;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Text;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * One message to somebody of its own, and where it is cut off.
 *
 * @param death number of the call before which whoever sends it dies
 * @param objects whether its recipient objects to all messages then
 */
record Passage(Course course, int death, boolean objects) {

  /** No message takes as many calls. */
  static final int MOST_CALLS = 64;

  static final Instant NIGHT = Instant.parse("2026-03-01T04:00:00Z");
  static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

  String name() {
    return course.name().toLowerCase(Locale.ROOT) + death + (objects ? "objecting" : "");
  }

  Identifier user() {
    return new Identifier(Namespace.USER_ID, name());
  }

  Identifier email() {
    return new Identifier(Namespace.EMAIL, name() + "@example.com");
  }

  Identifier phone() {
    int number = Math.floorMod(name().hashCode(), 100_000_000);
    return new Identifier(Namespace.PHONE, "+49151%08d".formatted(number));
  }

  /** The address on that channel. */
  Address address(Channel channel) {
    return switch (channel) {
      case EMAIL -> new Address(Address.Kind.EMAIL, email().value());
      case SMS -> new Address(Address.Kind.PHONE, phone().value());
      case PUSH -> new Address(Address.Kind.FCM, "token:" + name());
    };
  }

  /** When the message is asked for. */
  Instant asked() {
    return course == Course.WAITING ? NIGHT : NOW;
  }

  SendRequest request() {
    return new SendRequest(
        user().hash("main"),
        "journey:hello",
        "hello",
        name(),
        "once",
        "hello",
        course.channels(),
        course.isMarketing() ? "marketing" : Policy.TRANSACTIONAL,
        null,
        Fields.EMPTY,
        asked(),
        null,
        !course.isMarketing());
  }

  String id() {
    return SendMessage.id("main", request());
  }

  Person person() {
    Facet facet =
        new Facet(
            user(),
            Map.of(
                Facet.PUSH_TOKEN, new Trait(new Text(address(Channel.PUSH).value()), NIGHT, "m1")),
            Map.of(),
            Map.of(),
            Map.of(),
            "",
            NIGHT,
            NIGHT,
            1,
            true,
            Seen.NOTHING,
            List.of(),
            null);
    return new Person(
        user().hash("main"),
        0,
        Map.of(user(), NIGHT, email(), NIGHT, phone(), NIGHT),
        Set.of(
            Link.between(user(), email(), Link.Kind.EVENT, Link.Strength.SERVER, NIGHT, "m1"),
            Link.between(user(), phone(), Link.Kind.EVENT, Link.Strength.SERVER, NIGHT, "m1")),
        Map.of(user(), facet),
        Map.of(),
        List.of(),
        null,
        null);
  }

  /** What makes the person known. */
  People.Change founding() {
    Person person = person();
    return new People.Change(
        List.of(person),
        List.of(),
        List.of(),
        Map.of(user(), person.id(), email(), person.id(), phone(), person.id()),
        Map.of(),
        1);
  }
}
