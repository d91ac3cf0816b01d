package dev.perennial.domain.delivery;

import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.identity.PersonId;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What must still hold when a message is claimed, beside the send itself.
 *
 * @param asked permissions that were decided with, by the id they are stored under, each to be
 *     unchanged; at most {@value #MOST_ASKED} can be checked in one transaction
 * @param counting ids of {@code asked} that count the message from then on
 * @param marketing whether frequency caps mind it
 * @param fencedUntil fence of a restore that was decided with, to be unchanged; null for none
 */
public record Fence(
    Map<PersonId, Permissions> asked,
    Set<PersonId> counting,
    boolean marketing,
    @Nullable Instant fencedUntil) {

  /** Of the 100 writes of a transaction the send itself takes up to ten. */
  static final int MOST_ASKED = 90;

  public Fence {
    asked = Map.copyOf(asked);
    counting = Set.copyOf(counting);
  }

  /** With no fence of a restore. */
  public Fence(Map<PersonId, Permissions> asked, Set<PersonId> counting, boolean marketing) {
    this(asked, counting, marketing, null);
  }
}
