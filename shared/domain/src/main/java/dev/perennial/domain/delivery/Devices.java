package dev.perennial.domain.delivery;

import dev.perennial.domain.definition.Catalog;
import dev.perennial.domain.delivery.Address.Kind;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Trait;
import dev.perennial.domain.value.Value.Text;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The {@linkplain Address#key keys} of all devices that somebody had, also of those no message goes
 * to any more.
 */
public final class Devices {

  private Devices() {}

  /** Those that the person's facets name, and their latest events. */
  public static Set<PersonId> of(Person person, String workspace) {
    Set<PersonId> devices = new HashSet<>();
    for (Facet facet : person.facets().values()) {
      of(facet, workspace).ifPresent(devices::add);
      facet.tail().forEach(event -> of(event, workspace).ifPresent(devices::add));
    }
    return devices;
  }

  /** The one that the event names; empty when it names none. */
  public static Optional<PersonId> of(Event event, String workspace) {
    return of(Facet.empty(event.owner()).plus(List.of(event), Catalog.EMPTY.counters()), workspace);
  }

  private static Optional<PersonId> of(Facet facet, String workspace) {
    Trait token = facet.traits().get(Facet.PUSH_TOKEN);
    return token != null && token.value() instanceof Text text
        // The key is the same of every kind of token.
        ? Optional.of(new Address(Kind.FCM, text.text()).key(workspace))
        : Optional.empty();
  }
}
