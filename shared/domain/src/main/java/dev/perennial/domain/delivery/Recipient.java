package dev.perennial.domain.delivery;

import dev.perennial.domain.identity.PersonId;

/**
 * Who answers by a link in a message: nothing that names them, and all that is needed once the send
 * itself is forgotten.
 *
 * @param address {@linkplain Address#key key} of the address
 */
public record Recipient(
    String send, PersonId person, PersonId address, Channel channel, String topic) {}
