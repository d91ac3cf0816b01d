package dev.perennial.domain.profile;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All people, in shards that are walked side by side. Whoever lives from before the walk began
 * until after it ended is met; somebody founded or absorbed meanwhile may be, and nobody is met
 * twice but by a walk that goes over the same stretch again.
 */
public interface Population {

  /**
   * People of a shard, as they are now, in no particular order.
   *
   * @param shard from 0 to {@code shards - 1}
   * @param limit how many items are looked at, at most; people are some of them
   * @param cursor where the stretch before ended; null for the first
   */
  Stretch walk(int shard, int shards, int limit, @Nullable String cursor);

  /**
   * A part of a shard.
   *
   * @param cursor where it ended; null when the shard did
   */
  record Stretch(List<Person> people, @Nullable String cursor) {
    public Stretch {
      people = List.copyOf(people);
    }
  }
}
