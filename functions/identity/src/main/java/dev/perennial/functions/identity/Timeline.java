package dev.perennial.functions.identity;

import dev.perennial.domain.Page;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.json.InvalidDocument;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What happened to a person, newest first, in pages. */
final class Timeline {

  /**
   * One thing that happened.
   *
   * @param key tells things of one instant apart, always in the same way
   */
  record Moment(Instant at, String key, Fields shown) {}

  private static final Comparator<Moment> NEWEST_FIRST =
      Comparator.comparing(Moment::at).thenComparing(Moment::key).reversed();

  private final int size;
  private final @Nullable Moment after;

  /** As many as the page has, and one more, which says that there are more. */
  private final NavigableSet<Moment> found = new TreeSet<>(NEWEST_FIRST);

  /**
   * The page after the cursor. What happens meanwhile at an earlier time shows in a later page, and
   * nothing shows twice.
   *
   * @throws InvalidDocument when the cursor is none that was given out
   */
  Timeline(int size, @Nullable String cursor) {
    this.size = size;
    this.after = cursor == null ? null : decode(cursor);
  }

  void add(Moment moment) {
    if (after == null || NEWEST_FIRST.compare(moment, after) > 0) {
      found.add(moment);
      if (found.size() > size + 1) {
        found.pollLast();
      }
    }
  }

  /** Whether nothing of that time or earlier has a place in it any more. */
  boolean isBeyond(Instant time) {
    return found.size() > size && found.last().at().isAfter(time);
  }

  /** The page of what was added. */
  Page<Fields> page() {
    List<Moment> page = found.stream().limit(size).toList();
    return new Page<>(
        page.stream().map(Moment::shown).toList(),
        found.size() > size ? encode(page.getLast()) : null);
  }

  private static String encode(Moment moment) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((moment.at() + " " + moment.key()).getBytes(StandardCharsets.UTF_8));
  }

  private static Moment decode(String cursor) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
      int space = text.indexOf(' ');
      if (space > 0) {
        return new Moment(
            Instant.parse(text.substring(0, space)), text.substring(space + 1), Fields.EMPTY);
      }
    } catch (IllegalArgumentException | DateTimeException e) {
      // Said below, as for a cursor without its parts.
    }
    throw new InvalidDocument("", "the cursor is none that was given out");
  }
}
