package dev.perennial.domain.consent;

import dev.perennial.domain.Page;
import dev.perennial.domain.identity.PersonId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The store of consent, by the id that a person had when they decided, and by {@linkplain
 * dev.perennial.domain.delivery.Address#key key} of an address. A merge moves none of it: what
 * somebody allows is the {@linkplain Permissions#fold fold} over {@link
 * dev.perennial.domain.profile.Person#ids all ids} that they have or had.
 */
public interface Consents {

  /** What is stored under that id now, {@link Permissions#NONE} when nothing is. */
  Permissions of(PersonId person);

  /** What is stored under each of these ids now, {@link Permissions#NONE} where nothing is. */
  Map<PersonId, Permissions> of(Set<PersonId> ids);

  /**
   * Stores the permissions as {@code version + 1}, on condition that the stored version is still
   * {@code version}.
   *
   * @return false when somebody else wrote first: load again and decide anew
   */
  boolean save(PersonId person, Permissions permissions);

  /**
   * As {@link #save(PersonId, Permissions)}, where only what is counted changed: a cheaper write.
   */
  boolean recount(PersonId person, Permissions permissions);

  /**
   * As {@link #save}, and adds the decision that led there to the history, both or neither. The
   * history only grows; the same decision is in it once.
   */
  boolean save(PersonId person, Permissions permissions, Consent decision);

  /**
   * The addresses that are blocked, by their keys.
   *
   * @param limit at least 1
   * @param cursor of the page before; null for the first
   */
  Page<Blocked> blocked(int limit, @Nullable String cursor);

  /**
   * A blocked address.
   *
   * @param address its {@linkplain dev.perennial.domain.delivery.Address#key key}
   */
  record Blocked(PersonId address, Block block) {}

  /** Every decision that was ever stored under these ids, newest first, none twice. */
  List<Consent> history(Collection<PersonId> ids);
}
