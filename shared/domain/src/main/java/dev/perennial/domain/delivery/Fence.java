package dev.perennial.domain.delivery;

import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.identity.PersonId;
import java.util.Map;
import java.util.Set;

/**
 * What must still hold when a message is claimed, beside the send itself.
 *
 * @param asked permissions that were decided with, by the id they are stored under, each to be
 *     unchanged; at most 90
 * @param counting ids of {@code asked} that count the message from then on
 * @param marketing whether frequency caps mind it
 */
public record Fence(Map<PersonId, Permissions> asked, Set<PersonId> counting, boolean marketing) {
  public Fence {
    asked = Map.copyOf(asked);
    counting = Set.copyOf(counting);
  }
}
