package dev.perennial.domain.delivery;

import dev.perennial.domain.Page;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Person;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Lists what there was to send to a person. Sends are kept under the id that the person had then,
 * which is the hash of one of the identifiers.
 */
public final class ListSends {

  private static final int AT_ONCE = 200;

  private final String workspace;
  private final Sends sends;

  public ListSends(String workspace, Sends sends) {
    this.workspace = workspace;
    this.sends = sends;
  }

  /** All that are not forgotten by now, newest first. */
  public List<Send> list(Person person, Instant now) {
    List<Send> all = new ArrayList<>();
    for (PersonId id : person.ids(workspace)) {
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
}
