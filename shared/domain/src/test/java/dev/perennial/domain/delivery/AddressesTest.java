package dev.perennial.domain.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.identity.Evidence;
import dev.perennial.domain.identity.Evidence.Withdrawal;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Link;
import dev.perennial.domain.identity.Link.Kind;
import dev.perennial.domain.identity.Link.Strength;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Trail;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class AddressesTest {

  private static final Instant AT = Instant.parse("2026-03-01T12:00:00Z");
  private static final Identifier ANN = new Identifier(Namespace.USER_ID, "ann");
  private static final Identifier BOB = new Identifier(Namespace.USER_ID, "bob");
  private static final Identifier PHONE = new Identifier(Namespace.PHONE, "+4915112345678");
  private static final Identifier OLD = new Identifier(Namespace.EMAIL, "old@example.com");
  private static final Identifier NEW = new Identifier(Namespace.EMAIL, "new@example.com");

  private static Person ann(Map<Link.Key, Withdrawal> withdrawn, Link... links) {
    return new Person(
        ANN.hash("test"),
        1,
        new Evidence(
            Map.of(ANN, AT, PHONE, AT, OLD, AT, NEW, AT.plusSeconds(60)),
            Set.of(links),
            withdrawn,
            Map.of()),
        Map.of(),
        Map.of(),
        List.of(),
        null,
        null,
        Trail.NONE,
        false);
  }

  private static Link link(Identifier one, Identifier other, Strength strength) {
    return Link.between(one, other, Kind.EVENT, strength, AT, "m1");
  }

  private static String email(Person person) {
    return Addresses.of(person, Channel.EMAIL).orElseThrow().value();
  }

  @Test
  void anSmsNeedsTheWordOfAServer() {
    assertThat(Addresses.of(ann(Map.of(), link(ANN, PHONE, Strength.CLIENT)), Channel.SMS))
        .isEmpty();
    assertThat(Addresses.of(ann(Map.of(), link(ANN, PHONE, Strength.SERVER)), Channel.SMS))
        .isPresent();
  }

  @Test
  void aLinkThatDoesNotCountOrIsToSomebodyElseVouchesForNothing() {
    Link withdrawn = link(ANN, PHONE, Strength.SERVER);

    assertThat(
            Addresses.of(
                ann(Map.of(withdrawn.key(), new Withdrawal(AT, "desk")), withdrawn), Channel.SMS))
        .isEmpty();
    assertThat(Addresses.of(ann(Map.of(), link(BOB, PHONE, Strength.SERVER)), Channel.SMS))
        .isEmpty();
  }

  @Test
  void emailGoesToTheVerifiedAddressElseToTheOneSeenLast() {
    assertThat(email(ann(Map.of()))).isEqualTo(NEW.value());
    assertThat(email(ann(Map.of(), link(ANN, OLD, Strength.SERVER)))).isEqualTo(OLD.value());
    assertThat(
            email(ann(Map.of(), link(ANN, OLD, Strength.SERVER), link(ANN, NEW, Strength.SERVER))))
        .isEqualTo(NEW.value());
  }
}
