package dev.perennial.testkit;

import static dev.perennial.domain.profile.People.Freshness.CURRENT;
import static dev.perennial.testkit.ErasureWorld.WORKSPACE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.Trust;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.profile.Person;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who lives and was part of the erased once is found for ever. */
final class LapseTest {

  private static final Identifier X = new Identifier(Namespace.USER_ID, "x");
  private static final Identifier Y = new Identifier(Namespace.USER_ID, "y");
  private static final Identifier Z = new Identifier(Namespace.USER_ID, "z");
  private static final Identifier MAIL = new Identifier(Namespace.EMAIL, "p@example.test");
  private static final Identifier BROWSER = new Identifier(Namespace.ANONYMOUS_ID, "k");
  private static final Identifier PHONE = new Identifier(Namespace.DEVICE_ID, "m");

  private final ErasureWorld world = new ErasureWorld();
  private int messages;

  private void client(int second, Identifier owner, Identifier... others) {
    world.record(event(second, Trust.CLIENT, owner, others));
  }

  private void server(int second, Identifier owner, Identifier... others) {
    world.record(event(second, Trust.SERVER, owner, others));
  }

  private Event event(int second, Trust trust, Identifier owner, Identifier... others) {
    Event event =
        ErasureWorld.event(owner, "m" + messages++, second, List.of(others), Map.of("n", "1"));
    return new Event(
        owner,
        event.others(),
        event.messageId(),
        event.type(),
        null,
        event.timestamp(),
        event.receivedAt(),
        trust,
        event.properties(),
        event.traits(),
        event.context());
  }

  private Person of(Identifier identifier) {
    return world.people.find(identifier.hash(WORKSPACE)).orElseThrow();
  }

  /** That the identifier's person has these and learns from one more event. */
  private void assertLives(Identifier identifier, Set<Identifier> all) {
    assertThat(of(identifier).identifiers().keySet()).isEqualTo(all);
    long before = events(identifier);
    server(2_000_000, identifier);
    assertThat(events(identifier)).isEqualTo(before + 1);
  }

  private long events(Identifier identifier) {
    return of(identifier).facets().values().stream().mapToLong(facet -> facet.events()).sum();
  }

  @Test
  void whoStayedWithThePersonWhomTheErasedCameBackFrom() {
    client(1, BROWSER, MAIL);
    client(2, X);
    server(3, X, BROWSER);
    server(4, Y, MAIL);
    assertThat(of(MAIL).trail().former()).containsExactly(of(X).id());
    assertThat(world.people.locate(BROWSER.hash(WORKSPACE))).contains(of(MAIL).id());

    world.erase(MAIL);
    world.lapse();

    assertLives(BROWSER, Set.of(X, BROWSER));
    client(2_000_001, MAIL);
    assertThat(of(MAIL).identifiers()).containsOnlyKeys(MAIL);
    assertLives(BROWSER, Set.of(X, BROWSER));
  }

  @Test
  void whoLeftAfterTheErasedHadAbsorbedThem() {
    client(1, BROWSER, MAIL);
    client(2, X);
    client(3, X, MAIL);
    world.withdraw(MAIL, BROWSER);
    assertThat(of(X).trail().departed()).containsOnlyKeys(BROWSER.hash(WORKSPACE));
    assertThat(world.people.locate(BROWSER.hash(WORKSPACE))).contains(MAIL.hash(WORKSPACE));

    world.erase(X);
    world.lapse();

    assertLives(BROWSER, Set.of(BROWSER));
    client(2_000_001, X, MAIL);
    assertThat(of(MAIL).identifiers()).containsOnlyKeys(X, MAIL);
    assertLives(BROWSER, Set.of(BROWSER));
  }

  @Test
  void whoPassedThroughTheErased() {
    client(1, X, BROWSER);
    client(2, BROWSER, PHONE);
    client(3, Y);
    client(4, Z);
    server(30, Y, BROWSER);
    server(20, Z, BROWSER);
    assertThat(of(Y).trail().departed()).containsKey(PHONE.hash(WORKSPACE));
    assertThat(world.people.locate(PHONE.hash(WORKSPACE))).contains(X.hash(WORKSPACE));

    world.erase(Y);
    world.lapse();

    assertLives(PHONE, Set.of(Z, BROWSER, PHONE));
  }

  @Test
  void nothingStaysOfWhomNobodyIsFoundByWayOf() {
    client(1, BROWSER);
    client(2, X);
    client(3, X, BROWSER);
    assertThat(world.people.read(BROWSER.hash(WORKSPACE))).isPresent();

    world.erase(X);
    world.lapse();

    assertThat(world.people.read(Set.of(X.hash(WORKSPACE), BROWSER.hash(WORKSPACE)), CURRENT))
        .isEmpty();
  }
}
