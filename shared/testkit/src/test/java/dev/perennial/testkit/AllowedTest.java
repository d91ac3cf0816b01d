package dev.perennial.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.consent.Allowed;
import dev.perennial.domain.consent.Block;
import dev.perennial.domain.consent.Consent;
import dev.perennial.domain.consent.Consent.Decision;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.segment.Facts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class AllowedTest {

  private static final Instant NOW = Instant.parse("2026-11-01T09:30:00Z");
  private static final Identifier OLD = new Identifier(Namespace.EMAIL, "old@example.com");
  private static final Identifier NEW = new Identifier(Namespace.EMAIL, "new@example.com");
  private static final Block BOUNCE = new Block(Block.Reason.HARD_BOUNCE, NOW);
  private static final Person ANN =
      new Person(
          OLD.hash("main"),
          1,
          Map.of(OLD, NOW.minusSeconds(9), NEW, NOW),
          Set.of(),
          Map.of(),
          Map.of(),
          List.of(),
          null,
          null);

  private final InMemoryConsents consents = new InMemoryConsents();

  @Test
  void whoseAddressIsBlockedIsNotReachable() {
    assertThat(facts().channels()).containsExactly(Channel.EMAIL);

    consents.save(OLD.hash("main"), Permissions.NONE.with(BOUNCE));
    assertThat(facts().channels()).containsExactly(Channel.EMAIL);

    consents.save(NEW.hash("main"), Permissions.NONE.with(BOUNCE));
    assertThat(facts().channels()).isEmpty();
  }

  @Test
  void whatWasDecidedUnderAnyIdCounts() {
    Consent denial = new Consent(Channel.EMAIL, "news", Decision.DENIED, NOW, null, null);
    consents.save(NEW.hash("main"), Permissions.NONE.with(denial), denial);

    assertThat(facts().permissions().decision(Channel.EMAIL, "news")).contains(Decision.DENIED);
  }

  private Facts facts() {
    return Facts.of(ANN, Allowed.of(ANN, "main", consents));
  }
}
