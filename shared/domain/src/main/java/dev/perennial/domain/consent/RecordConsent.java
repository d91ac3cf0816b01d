package dev.perennial.domain.consent;

import dev.perennial.domain.Contended;
import dev.perennial.domain.Publisher;
import dev.perennial.domain.delivery.Addresses;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.ProfileChange;
import dev.perennial.domain.segment.Cause;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Records what a person decided. A denial goes under their id and under each address that they have
 * on the channel, which every claim checks: it holds from the instant it is stored, whoever the
 * address belongs to by then, and outlives the profile. A grant goes under the one id that decided:
 * when people who were taken for one part again, nobody has agreed for the others. Whoever decided
 * is evaluated again, for conditions ask for it.
 */
public final class RecordConsent {

  private static final int TRIES = 8;

  private final String workspace;
  private final Consents consents;
  private final Publisher<ProfileChange> changes;

  /**
   * In that workspace.
   *
   * @param changes is told of whoever may be in other segments by it
   */
  public RecordConsent(String workspace, Consents consents, Publisher<ProfileChange> changes) {
    this.workspace = workspace;
    this.consents = consents;
    this.changes = changes;
  }

  /**
   * Records it. An objection holds for whoever they are by the end of it, so that no message goes
   * to them that was decided on after they were merged.
   *
   * @param people in which the person was found
   * @param decider the one of the person's ids that decided
   * @throws Contended when others kept changing the same; nothing or a part is stored, and it may
   *     be repeated
   */
  public void record(People people, Person person, PersonId decider, Consent consent) {
    // Whoever decided comes first, whatever becomes of the others; nobody would find it under an
    // id that is not theirs.
    Set<PersonId> ids = new LinkedHashSet<>();
    ids.add(person.ids(workspace).contains(decider) ? decider : person.id());
    if (consent.decision() == Consent.Decision.DENIED) {
      Addresses.all(person, consent.channel()).forEach(address -> ids.add(address.key(workspace)));
      ids.add(person.id());
    }
    store(ids, consent);
    tell(Set.of(person.id()));
    if (consent.decision() == Consent.Decision.DENIED) {
      people
          .find(person.id())
          .filter(now -> !ids.contains(now.id()))
          .ifPresent(now -> record(people, now, decider, consent));
    }
  }

  /** As {@link #record(People, Person, PersonId, Consent)}, under these ids in their order. */
  public void record(Collection<PersonId> ids, Consent consent) {
    store(ids, consent);
    tell(ids);
  }

  private void store(Collection<PersonId> ids, Consent consent) {
    for (PersonId id : ids) {
      retry(id, known -> consents.save(id, known.with(consent), consent));
    }
  }

  /** Changes the permissions under one id, unless the change leaves them as they are. */
  public void change(PersonId id, UnaryOperator<Permissions> change) {
    retry(
        id,
        known -> {
          Permissions next = change.apply(known);
          return next.equals(known)
              || (next.blocks().equals(known.blocks())
                  ? consents.recount(id, next)
                  : consents.save(id, next));
        });
    tell(Set.of(id));
  }

  /** Also of what was stored before: whoever stored it may have crashed before this. */
  private void tell(Collection<PersonId> ids) {
    changes.publish(ids.stream().map(id -> new ProfileChange(id, Cause.EVENT)).toList());
  }

  private void retry(PersonId id, Attempt attempt) {
    for (int tries = 0; tries < TRIES; tries++) {
      if (attempt.succeeds(consents.of(id))) {
        return;
      }
    }
    throw new Contended("the same permissions");
  }

  private interface Attempt {
    boolean succeeds(Permissions known);
  }
}
