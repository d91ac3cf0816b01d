package dev.perennial.domain.consent;

import dev.perennial.domain.delivery.Addresses;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Person;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What a person allows, and on which channels the address that messages would go to is blocked.
 *
 * @param permissions over all ids of the person
 */
public record Allowed(Permissions permissions, Set<Channel> blocked) {

  /** Nothing was decided, and nothing is blocked. */
  public static final Allowed NOTHING = new Allowed(Permissions.NONE, Set.of());

  public Allowed {
    blocked = Set.copyOf(blocked);
  }

  /** What is stored now, by one read of all that concerns the person. */
  public static Allowed of(Person person, String workspace, Consents consents) {
    Set<PersonId> ids = person.ids(workspace);
    Map<Channel, PersonId> addresses = new EnumMap<>(Channel.class);
    for (Channel channel : Channel.values()) {
      Addresses.of(person, channel)
          .ifPresent(address -> addresses.put(channel, address.key(workspace)));
    }
    Set<PersonId> asked = new HashSet<>(ids);
    asked.addAll(addresses.values());
    Map<PersonId, Permissions> known = consents.of(asked);
    Set<Channel> blocked = EnumSet.noneOf(Channel.class);
    addresses.forEach(
        (channel, address) -> {
          if (known.getOrDefault(address, Permissions.NONE).block() != null) {
            blocked.add(channel);
          }
        });
    return new Allowed(
        Permissions.fold(ids.stream().map(known::get).filter(Objects::nonNull).toList()), blocked);
  }
}
