package dev.perennial.domain.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.delivery.Finding.Rule;
import dev.perennial.domain.delivery.Send.State;
import dev.perennial.domain.identity.PersonId;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every verdict is said in words, with each reason. */
class ExplainSendsTest {

  private static final Instant AT = Instant.parse("2026-03-01T10:00:00Z");
  private static final Address EMAIL = new Address(Address.Kind.EMAIL, "ann@example.com");

  private static Send send(
      State state, @Nullable Address to, @Nullable String detail, Finding... findings) {
    SendRequest request =
        new SendRequest(
            new PersonId("ann"),
            "journey:welcome",
            "mail",
            "o1",
            "hello",
            List.of(Channel.EMAIL, Channel.SMS),
            "marketing",
            null);
    return new Send(
        "s1",
        request,
        AT,
        state,
        1,
        to,
        Set.of(),
        List.of(findings),
        state == State.DEFERRED ? AT.plusSeconds(60) : null,
        null,
        detail);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CLAIMED   | is being sent by email.",
        "SENT      | was sent by email at 2026-03-01T10:00:00Z.",
        "RETRYABLE | is tried again by email, for it was not accepted: 429.",
        "UNKNOWN   | was handed over by email at 2026-03-01T10:00:00Z, and nobody knows whether it"
            + " was accepted (429). It is not sent again.",
        "REFUSED   | was not accepted by email, for good, because of 429; sms: consent (unknown).",
        "NOT_SENT  | was not sent, because of sms: consent (unknown).",
        "DEFERRED  | waits until 2026-03-01T10:01:00Z, because of sms: consent (unknown).",
      })
  void everyStateIsSaid(State state, String words) {
    Finding allowed = new Finding(Channel.EMAIL, Rule.CONSENT, true, "granted");
    Finding denied = new Finding(Channel.SMS, Rule.CONSENT, false, "unknown");
    Address to = state == State.NOT_SENT || state == State.DEFERRED ? null : EMAIL;

    assertThat(ExplainSends.explain(send(state, to, to == null ? null : "429", allowed, denied)))
        .isEqualTo("\"hello\" " + words);
  }

  @ParameterizedTest
  @CsvSource({
    "RESTORE,       a restore from a backup",
    "EXPIRY,        the news is stale",
    "PROVIDER,      the provider",
    "PAUSE,         a pause",
    "RENDITION,     the content",
    "ADDRESS,       the address",
    "SUPPRESSION,   a blocked address",
    "DUPLICATE,     a duplicate",
    "CONSENT,       consent",
    "FREQUENCY_CAP, a frequency cap",
    "PUMPING,       a limit against misuse",
    "QUIET_HOURS,   quiet hours",
    "RATE,          the provider's rate",
  })
  void everyRuleIsSaid(Rule rule, String words) {
    Finding finding = new Finding(Channel.EMAIL, rule, false, "a fact");

    assertThat(ExplainSends.explain(send(State.NOT_SENT, null, null, finding)))
        .isEqualTo("\"hello\" was not sent, because of email: " + words + " (a fact).");
  }

  @Test
  void whatWasNeverAskedForIsSaidToo() {
    assertThat(ExplainSends.explain(List.of()))
        .containsExactly("It has never asked to send this person anything.");
    assertThat(Rule.values()).hasSize(13);
  }
}
