package dev.perennial.domain.profile;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * When a person was seen, by their own events or by those that named them.
 *
 * @param first timestamp of the earliest such event
 * @param last timestamp of the latest that is known
 */
public record Span(Instant first, Instant last) {

  /** When that person was seen: somebody known from another's events only was, too. */
  public static Span of(Person person) {
    List<Instant> seen =
        Stream.concat(
                person.identifiers().values().stream(),
                person.facets().values().stream()
                    .filter(facet -> facet.events() > 0)
                    .map(Facet::lastSeen))
            .toList();
    return new Span(Collections.min(seen), Collections.max(seen));
  }
}
