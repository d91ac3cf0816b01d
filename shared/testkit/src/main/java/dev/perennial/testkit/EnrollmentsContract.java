package dev.perennial.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.Page;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.SendRequest;
import dev.perennial.domain.erasure.Traces;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.journey.Enrollment;
import dev.perennial.domain.journey.Enrollment.Status;
import dev.perennial.domain.journey.Enrollments;
import dev.perennial.domain.journey.Enrollments.Creation;
import dev.perennial.domain.journey.Journey.Reentry;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Text;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every store of enrollments does. */
public interface EnrollmentsContract {

  PersonId ANN = new PersonId("ann");
  Instant AT = Instant.parse("2026-03-01T10:00:00.250Z");

  /** An empty store. */
  Enrollments enrollments();

  private static Enrollment waiting(String occurrence, Reentry reentry, Instant at) {
    Event event = Samples.event(new Identifier(Namespace.USER_ID, "42"), occurrence);
    SendRequest request =
        new SendRequest(
            ANN,
            "journey:j",
            "mail",
            occurrence,
            "hello",
            List.of(Channel.PUSH, Channel.EMAIL),
            "marketing",
            event);
    return new Enrollment(
        ANN,
        "j",
        3,
        occurrence,
        reentry,
        at,
        0,
        1,
        Status.WAITING,
        at.plus(Duration.ofDays(3)),
        event,
        "website",
        List.of(request));
  }

  @Test
  default void givesBackWhatWasStored() {
    Enrollments enrollments = enrollments();
    Enrollment enrollment = waiting("o1", Reentry.ALWAYS, AT);

    assertThat(enrollments.create(enrollment)).isEqualTo(Creation.CREATED);

    assertThat(enrollments.find(ANN, "j", "o1")).contains(enrollment.stored());
    assertThat(enrollments.begunBy(ANN, "o1")).containsExactly(enrollment.stored());
    assertThat(enrollments.begunBy(ANN, "o")).isEmpty();
    assertThat(enrollments.find(ANN, "other", "o1")).isEmpty();
  }

  @Test
  default void anOccurrenceEnrollsOnce() {
    for (Reentry reentry : Reentry.values()) {
      Enrollments enrollments = enrollments();
      enrollments.create(waiting("o1", reentry, AT));

      assertThat(enrollments.create(waiting("o1", reentry, AT.plusSeconds(1))))
          .isEqualTo(Creation.REPEATED);
      assertThat(enrollments.ofJourney("j", 10, null).items()).hasSize(1);
    }
  }

  @Test
  default void onceAdmitsNobodyASecondTime() {
    Enrollments enrollments = enrollments();
    Enrollment first = waiting("o1", Reentry.ONCE, AT);
    assertThat(enrollments.admits(first)).isTrue();
    enrollments.create(first);
    enrollments.save(first.stored().exit());

    assertThat(enrollments.admits(waiting("o2", Reentry.ONCE, AT))).isFalse();
    assertThat(enrollments.create(waiting("o2", Reentry.ONCE, AT))).isEqualTo(Creation.REFUSED);
    assertThat(enrollments.begunBy(ANN, "o2")).isEmpty();
  }

  @Test
  default void afterExitAdmitsWhoeverIsOut() {
    Enrollments enrollments = enrollments();
    Enrollment first = waiting("o1", Reentry.AFTER_EXIT, AT);
    Enrollment second = waiting("o2", Reentry.AFTER_EXIT, AT.plusSeconds(5));
    enrollments.create(first);

    assertThat(enrollments.admits(second)).isFalse();
    assertThat(enrollments.create(second)).isEqualTo(Creation.REFUSED);
    assertThat(enrollments.save(first.stored().exit())).isTrue();
    assertThat(enrollments.admits(second)).isTrue();
    assertThat(enrollments.create(second)).isEqualTo(Creation.CREATED);
    assertThat(enrollments.create(waiting("o3", Reentry.AFTER_EXIT, AT)))
        .isEqualTo(Creation.REFUSED);
  }

  @Test
  default void mindsWhatIsStoredUnderOtherIds() {
    Set<PersonId> others = Set.of(ANN, new PersonId("nobody"));
    for (Reentry reentry : Reentry.values()) {
      Enrollments enrollments = enrollments();
      Enrollment first = waiting("o1", reentry, AT);
      Enrollment merged = of(new PersonId("bob"), waiting("o2", reentry, AT));
      assertThat(enrollments.admits(merged, others)).isTrue();
      enrollments.create(first);

      assertThat(enrollments.admits(of(new PersonId("bob"), first), others)).isFalse();
      assertThat(enrollments.admits(merged, others)).isEqualTo(reentry == Reentry.ALWAYS);
      enrollments.save(first.stored().exit());
      assertThat(enrollments.admits(merged, others)).isEqualTo(reentry != Reentry.ONCE);
    }
  }

  private static Enrollment of(PersonId person, Enrollment enrollment) {
    return new Enrollment(
        person,
        enrollment.journey(),
        enrollment.version(),
        enrollment.occurrence(),
        enrollment.reentry(),
        enrollment.enteredAt(),
        enrollment.revision(),
        enrollment.position(),
        enrollment.status(),
        enrollment.due(),
        enrollment.event(),
        enrollment.key(),
        enrollment.outbox());
  }

  @Test
  default void tenSendsHaveOneEventBetweenThem() {
    Enrollments enrollments = enrollments();
    Enrollment one = waiting("o1", Reentry.ALWAYS, AT);
    byte[] noise = new byte[24 * 1024];
    new Random(7).nextBytes(noise);
    Event sample = Samples.event(new Identifier(Namespace.USER_ID, "42"), "m1");
    Event event =
        new Event(
            sample.owner(),
            sample.others(),
            sample.messageId(),
            sample.type(),
            sample.name(),
            sample.timestamp(),
            sample.receivedAt(),
            sample.trust(),
            new Fields(Map.of("noise", new Text(Base64.getEncoder().encodeToString(noise)))),
            sample.traits(),
            sample.context());
    SendRequest request = one.outbox().getFirst().with(event);
    Enrollment big =
        new Enrollment(
            ANN,
            "j",
            3,
            "o1",
            Reentry.ALWAYS,
            AT,
            0,
            15,
            Status.FINISHED,
            null,
            event,
            null,
            Collections.nCopies(15, request));

    assertThat(enrollments.create(big)).isEqualTo(Creation.CREATED);
    assertThat(enrollments.find(ANN, "j", "o1")).contains(big.stored());
  }

  @Test
  default void savesOnTheRevisionThatWasRead() {
    Enrollments enrollments = enrollments();
    Enrollment created = waiting("o1", Reentry.ONCE, AT);
    enrollments.create(created);
    Enrollment known = created.stored();

    assertThat(enrollments.save(known.published())).isTrue();
    assertThat(enrollments.save(known.exit())).isFalse();

    assertThat(enrollments.find(ANN, "j", "o1")).contains(known.published().stored());
    assertThat(enrollments.save(waiting("o9", Reentry.ONCE, AT))).isFalse();
  }

  @Test
  default void listsAJourneyNewestFirstInPages() {
    Enrollments enrollments = enrollments();
    for (int i = 1; i <= 5; i++) {
      enrollments.create(waiting("o" + i, Reentry.ALWAYS, AT.plusSeconds(i)));
    }

    Page<Enrollment> first = enrollments.ofJourney("j", 3, null);
    Page<Enrollment> last = enrollments.ofJourney("j", 3, first.cursor());

    assertThat(first.items()).extracting(Enrollment::occurrence).containsExactly("o5", "o4", "o3");
    assertThat(last.items()).extracting(Enrollment::occurrence).containsExactly("o2", "o1");
    assertThat(last.cursor()).isNull();
  }

  @Test
  default void forgetsAPerson() {
    Enrollments enrollments = enrollments();
    Enrollment gone = waiting("o1", Reentry.ONCE, AT);
    Enrollment kept = of(new PersonId("bob"), waiting("o2", Reentry.ONCE, AT));
    enrollments.create(gone);
    enrollments.create(kept);
    Traces traces = (Traces) enrollments;
    assertThat(enrollments.ofPerson(gone.person())).containsExactly(gone.stored());

    assertThat(traces.forget(gone.person())).isPositive();
    assertThat(traces.forget(gone.person())).isZero();

    assertThat(enrollments.ofJourney(gone.journey(), 10, null).items())
        .containsExactly(kept.stored());
    assertThat(enrollments.create(gone)).isEqualTo(Creation.CREATED);
  }
}
