package dev.perennial.domain.delivery;

import dev.perennial.domain.Page;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.Person;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lists what there was to send to a person. Sends are kept under the id that the person had then:
 * of whoever had more than {@value #MOST_IDS}, those of the identifiers that were seen first last.
 */
public final class ListSends {

  private static final int AT_ONCE = 200;

  /** A query each, and an answer has 10 s. */
  private static final int MOST_IDS = 500;

  private final People people;
  private final Sends sends;

  public ListSends(People people, Sends sends) {
    this.people = people;
    this.sends = sends;
  }

  /** All that are not forgotten by now, newest first. */
  public List<Send> list(Person person, Instant now) {
    List<Send> all = new ArrayList<>();
    for (PersonId id : ids(person)) {
      String cursor = null;
      do {
        Page<Send> page = sends.ofPerson(id, AT_ONCE, cursor);
        all.addAll(page.items());
        cursor = page.cursor();
      } while (cursor != null);
    }
    all.removeIf(send -> !now.isBefore(send.keptUntil()));
    all.sort(Comparator.comparing(Send::at).reversed().thenComparing(Send::id));
    return all;
  }

  private List<PersonId> ids(Person person) {
    String workspace = people.workspace();
    Set<PersonId> all = people.idsOf(person);
    List<PersonId> ids = new ArrayList<>(List.of(person.id()));
    person.identifiers().entrySet().stream()
        .sorted(Map.Entry.<Identifier, Instant>comparingByValue().reversed())
        .map(known -> known.getKey().hash(workspace))
        .filter(id -> all.contains(id) && !id.equals(person.id()))
        .limit(MOST_IDS - 1)
        .forEach(ids::add);
    return ids;
  }
}
