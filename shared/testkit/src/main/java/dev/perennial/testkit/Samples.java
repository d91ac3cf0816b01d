package dev.perennial.testkit;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.Trust;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Arrivals;
import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.profile.Listed;
import dev.perennial.domain.profile.PageId;
import dev.perennial.domain.profile.People.Change;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Seen;
import dev.perennial.domain.profile.Seen.Past;
import dev.perennial.domain.profile.Trait;
import dev.perennial.domain.segment.CounterId;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Series;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Values that have something in every part, for stores and codecs to give back as they were. */
public final class Samples {

  private static final Instant AT = Instant.parse("2026-03-01T10:00:00.123Z");

  private Samples() {}

  /** Stored people of these ids, of whom nothing is known. */
  public static InMemoryPeople people(String workspace, PersonId... ids) {
    InMemoryPeople people = new InMemoryPeople(workspace, new InMemoryTotals());
    for (PersonId id : ids) {
      people.save(
          Change.of(
              new Person(
                  id,
                  0,
                  Map.of(new Identifier(Namespace.USER_ID, "id-" + id.value()), AT),
                  Set.of(),
                  Map.of(),
                  Map.of(),
                  List.of(),
                  null,
                  null)));
    }
    return people;
  }

  /** A tracked event with that message id. */
  public static Event event(Identifier owner, String messageId) {
    return new Event(
        owner,
        List.of(),
        messageId,
        EventType.TRACK,
        "Order Completed",
        AT,
        AT.plusSeconds(2),
        Trust.SERVER,
        new Fields(Map.of("total", new Value.Num(new BigDecimal("12.50")))),
        Fields.EMPTY,
        new Fields(Map.of("timezone", new Value.Text("Europe/Berlin"))));
  }

  /** A facet with traits, a counter, remembered and recent events. */
  public static Facet facet(Identifier owner) {
    return new Facet(
        owner,
        Map.of(
            "plan", new Trait(new Value.Text("pro"), AT, "m1"),
            "gone", new Trait(new Value.Null(), AT, "m2"),
            "address",
                new Trait(new Fields(Map.of("city", new Value.Text("K\u00f6ln"))), AT, "m2", true)),
        Map.of("vip", new Trait(new Value.Bool(true), AT, "t1")),
        Map.of(new SegmentId("guests"), new Listed(true, 3, AT, 8)),
        Map.of(
            new CounterId("c1"),
            Series.EMPTY
                .plus(AT, Series.Point.of(new BigDecimal("12.50")))
                .plus(AT.plusSeconds(1), Series.Point.ONE)),
        "set",
        AT.minusSeconds(5),
        AT,
        7,
        true,
        new Seen(
            Map.of(-5L, new Past(AT.minusSeconds(5), 0), 9L, new Past(AT, 65_535)),
            AT.minusSeconds(9),
            new Arrivals(LocalDate.parse("2026-03-01"), 7, AT, AT.minusSeconds(1))),
        List.of(event(owner, "m6"), event(owner, "m7")),
        new PageId(3, "abc"));
  }
}
