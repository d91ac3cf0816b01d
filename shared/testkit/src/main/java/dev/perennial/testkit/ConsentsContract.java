package dev.perennial.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.Page;
import dev.perennial.domain.consent.Block;
import dev.perennial.domain.consent.Block.Reason;
import dev.perennial.domain.consent.Consent;
import dev.perennial.domain.consent.Consent.Decision;
import dev.perennial.domain.consent.Consents;
import dev.perennial.domain.consent.Consents.Blocked;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.erasure.Traces;
import dev.perennial.domain.identity.PersonId;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every store of consent does, whatever it is made of. */
public interface ConsentsContract {

  PersonId ANN = new PersonId("ann");
  Instant AT = Instant.parse("2026-03-01T10:00:00.250Z");

  /** The store; empty at first. Claims of sends check it. */
  Consents consents();

  @Test
  default void historyOfConsentOnlyGrows() {
    Consent grant = new Consent(Channel.EMAIL, "news", Decision.GRANTED, AT, "consent", "form");
    Consent denial =
        new Consent(Channel.EMAIL, "news", Decision.DENIED, AT.plusSeconds(1), null, null, "v1");
    PersonId other = new PersonId("other");
    consents().save(ANN, Permissions.NONE.with(grant), grant);
    consents().save(ANN, consents().of(ANN).with(denial), denial);
    consents().save(ANN, consents().of(ANN).with(grant), grant);
    consents().save(other, Permissions.NONE.with(denial), denial);

    assertThat(consents().history(Set.of(ANN, other))).containsExactly(denial, grant);
    assertThat(consents().of(ANN).consents()).containsExactly(denial);

    Traces traces = (Traces) consents();
    assertThat(traces.forget(ANN)).isEqualTo(3);
    assertThat(traces.forget(ANN)).isZero();
    assertThat(consents().history(Set.of(ANN))).isEmpty();
    assertThat(consents().history(Set.of(other))).containsExactly(denial);
    assertThat(consents().of(ANN).consents())
        .containsExactly(
            new Consent(Channel.EMAIL, "news", Decision.DENIED, AT.plusSeconds(1), null, null));
  }

  @Test
  default void aGrantIsForgottenAndABlockOutlivesItsOwner() {
    Traces traces = (Traces) consents();
    PersonId address = new PersonId("address");
    Consent grant = new Consent(Channel.EMAIL, "news", Decision.GRANTED, AT, "consent", "form");
    consents().save(ANN, Permissions.NONE.with(grant));
    consents().save(address, Permissions.NONE.with(new Block(Reason.HARD_BOUNCE, AT)));

    assertThat(traces.forget(ANN)).isEqualTo(1);
    assertThat(traces.forget(address)).isZero();

    assertThat(consents().of(ANN)).isEqualTo(Permissions.NONE);
    assertThat(consents().of(address).block()).isEqualTo(new Block(Reason.HARD_BOUNCE, AT));
  }

  @Test
  default void blockedAddressesAreListedInPages() {
    List<PersonId> addresses = Stream.of("2b", "2a", "zz", "az", "ab").map(PersonId::new).toList();
    Block block = new Block(Reason.MANUAL, AT);
    addresses.forEach(address -> consents().save(address, Permissions.NONE.with(block)));
    consents().save(ANN, Permissions.NONE);

    Page<Blocked> first = consents().blocked(3, null);
    Page<Blocked> last = consents().blocked(3, first.cursor());
    assertThat(first.items())
        .extracting(blocked -> blocked.address().value())
        .containsExactly("2a", "2b", "ab");
    assertThat(last.items())
        .containsExactly(
            new Blocked(new PersonId("az"), block), new Blocked(new PersonId("zz"), block));
    assertThat(last.cursor()).isNull();

    PersonId lifted = new PersonId("zz");
    consents().save(lifted, consents().of(lifted).without(Set.of(Reason.MANUAL)));
    assertThat(consents().blocked(9, null).items()).hasSize(4);
  }
}
