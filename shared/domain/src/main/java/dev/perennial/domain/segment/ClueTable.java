package dev.perennial.domain.segment;

import dev.perennial.domain.value.Value;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Numbers by clue, found by a hash of it that is the same in every process. Two clues of one hash
 * share their numbers: whoever is found for nothing is asked, and says no. A few arrays, so that
 * reading ten thousand clues takes no longer than copying them.
 */
final class ClueTable {

  private static final int TRAIT = 1;
  private static final int VALUE = 2;
  private static final int TAG = 3;
  private static final int COUNTER = 4;
  private static final int EVENT = 5;

  /** Hashes at their place or behind it; 0 where there is none. A power of two. */
  private final int[] keys;

  /** Where the numbers of the hash at that place begin, their count first. */
  private final int[] starts;

  private final int[] numbers;

  private ClueTable(int[] keys, int[] starts, int[] numbers) {
    this.keys = keys;
    this.starts = starts;
    this.numbers = numbers;
  }

  /** The table of these numbers by hash. */
  static ClueTable of(Map<Integer, List<Integer>> byHash) {
    int size = Integer.highestOneBit(Math.max(1, byHash.size())) * 4;
    int[] keys = new int[size];
    int[] starts = new int[size];
    IntBuffer numbers =
        IntBuffer.allocate(byHash.size() + byHash.values().stream().mapToInt(List::size).sum());
    new TreeMap<>(byHash)
        .forEach(
            (hash, those) -> {
              int place = hash & (size - 1);
              while (keys[place] != 0) {
                place = (place + 1) & (size - 1);
              }
              keys[place] = hash;
              starts[place] = numbers.position();
              numbers.put(those.size());
              those.forEach(numbers::put);
            });
    return new ClueTable(keys, starts, numbers.array());
  }

  /** Adds the numbers of the hash. */
  void find(int hash, BitSet found) {
    for (int place = hash & (keys.length - 1);
        keys[place] != 0;
        place = (place + 1) & (keys.length - 1)) {
      if (keys[place] == hash) {
        int start = starts[place];
        for (int i = numbers[start]; i > 0; i--) {
          found.set(numbers[start + i]);
        }
        return;
      }
    }
  }

  int length() {
    return Integer.BYTES * (2 + 2 * keys.length + numbers.length);
  }

  void write(ByteBuffer out) {
    out.putInt(keys.length).putInt(numbers.length);
    for (int[] array : List.of(keys, starts, numbers)) {
      out.asIntBuffer().put(array);
      out.position(out.position() + Integer.BYTES * array.length);
    }
  }

  static ClueTable read(ByteBuffer in) {
    int size = in.getInt();
    int length = in.getInt();
    return new ClueTable(ints(in, size), ints(in, size), ints(in, length));
  }

  static int[] ints(ByteBuffer in, int length) {
    int[] ints = new int[length];
    in.asIntBuffer().get(ints);
    in.position(in.position() + Integer.BYTES * length);
    return ints;
  }

  static int trait(String name) {
    return hash(TRAIT, name.hashCode());
  }

  static int value(String name, Value value) {
    return hash(VALUE, 31 * name.hashCode() + hash(value));
  }

  static int tag(String name) {
    return hash(TAG, name.hashCode());
  }

  static int counter(CounterId counter) {
    return hash(COUNTER, counter.value().hashCode());
  }

  static int event(String name) {
    return hash(EVENT, name.hashCode());
  }

  /** Of what the language itself says that it is the same everywhere. */
  private static int hash(Value value) {
    return switch (value) {
      case Value.Text text -> text.text().hashCode();
      case Value.Num number -> Long.hashCode(number.number().longValue());
      case Value.Bool bool -> Boolean.hashCode(bool.truth());
      case Value.Null _ -> 1;
      case Value.Items _ -> 2;
      case Value.Fields _ -> 3;
    };
  }

  private static int hash(int kind, int what) {
    int hash = (what + kind) * 0x9E3779B9;
    hash = (hash ^ (hash >>> 15)) * 0x85EBCA6B + kind;
    hash ^= (hash >>> 13);
    return hash == 0 ? 1 : hash;
  }
}
