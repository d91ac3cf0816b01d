package dev.perennial.domain.segment;

import dev.perennial.domain.value.Value;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is worked out of all segments at once, so that a condition need not be read before somebody
 * may meet it: which of them anybody can be in by what is known of them, and what is counted. Its
 * bytes are read by copying, not by parsing. Segments have numbers from 0, in the order of their
 * ids.
 */
public final class SegmentPlan {

  private final int[] idEnds;
  private final byte[] idTexts;
  private final @Nullable SegmentId[] ids;

  /** Segments that others refer to. */
  private final BitSet named;

  /** Segments that may be met by anybody. */
  private final BitSet always;

  private final ClueTable clues;

  /** For each name of an event the segments that have all counters of it. */
  private final ClueTable events;

  /** Ids of counters, each in a line. */
  private final String counted;

  private final boolean readConsent;

  private SegmentPlan(
      int[] idEnds,
      byte[] idTexts,
      BitSet named,
      BitSet always,
      ClueTable clues,
      ClueTable events,
      String counted,
      boolean readConsent) {
    this.idEnds = idEnds;
    this.idTexts = idTexts;
    this.ids = new SegmentId[idEnds.length];
    this.named = named;
    this.always = always;
    this.clues = clues;
    this.events = events;
    this.counted = counted;
    this.readConsent = readConsent;
  }

  /** The plan of these segments. */
  static SegmentPlan of(SortedMap<SegmentId, Segment> segments) {
    List<SegmentId> order = List.copyOf(segments.keySet());
    Set<SegmentId> referred = new HashSet<>();
    segments.values().forEach(segment -> referred.addAll(References.of(segment.where())));
    BitSet named = new BitSet();
    Set<CounterSpec> specs = new LinkedHashSet<>();
    Map<Integer, List<Integer>> events = new TreeMap<>();
    boolean[] readConsent = {false};
    int[] idEnds = new int[order.size()];
    StringBuilder idTexts = new StringBuilder();
    int end = 0;
    for (int number = 0; number < order.size(); number++) {
      SegmentId id = order.get(number);
      named.set(number, referred.contains(id));
      idTexts.append(id.value());
      end += id.value().getBytes(StandardCharsets.UTF_8).length;
      idEnds[number] = end;
      for (CounterSpec spec : Counters.specs(where(segments, id))) {
        List<Integer> those =
            events.computeIfAbsent(ClueTable.event(spec.events().name()), _ -> new ArrayList<>());
        if (specs.add(spec) && !those.contains(number)) {
          those.add(number);
        }
      }
      Condition.forEachLeaf(
          where(segments, id),
          leaf ->
              readConsent[0] |=
                  leaf instanceof Condition.OfConsent || leaf instanceof Condition.Reachable);
    }
    SegmentIndex index = new SegmentIndex(segments, order);
    return new SegmentPlan(
        idEnds,
        idTexts.toString().getBytes(StandardCharsets.UTF_8),
        named,
        index.clueless(),
        ClueTable.of(index.byHash()),
        ClueTable.of(events),
        String.join(
            "\n", specs.stream().map(spec -> spec.id().value()).distinct().sorted().toList()),
        readConsent[0]);
  }

  private static Condition where(Map<SegmentId, Segment> segments, SegmentId id) {
    Segment segment = segments.get(id);
    return segment == null ? Condition.Any.NEVER : segment.where();
  }

  /** How many segments there are. */
  public int size() {
    return idEnds.length;
  }

  /** The id of the segment of that number. */
  public SegmentId id(int number) {
    SegmentId known = ids[number];
    if (known == null) {
      int start = number == 0 ? 0 : idEnds[number - 1];
      known =
          new SegmentId(new String(idTexts, start, idEnds[number] - start, StandardCharsets.UTF_8));
      ids[number] = known;
    }
    return known;
  }

  /** The number of the segment of that id; negative when there is none. */
  int number(SegmentId id) {
    int low = 0;
    int high = size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = id(middle).compareTo(id);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  boolean isNamed(int number) {
    return named.get(number);
  }

  boolean readConsent() {
    return readConsent;
  }

  /** Not kept: hashing records is what a fresh process is slow at. */
  Set<CounterId> counters() {
    Set<CounterId> counters = new HashSet<>();
    for (int start = 0; start < counted.length(); ) {
      int end = counted.indexOf('\n', start);
      end = end < 0 ? counted.length() : end;
      counters.add(new CounterId(counted.substring(start, end)));
      start = end + 1;
    }
    return counters;
  }

  /** The segments whose conditions together have all counters of events of that name. */
  BitSet counting(String event) {
    BitSet counting = new BitSet();
    events.find(ClueTable.event(event), counting);
    return counting;
  }

  /** The numbers of the segments that somebody of whom this is known can be in. */
  BitSet candidates(Facts facts) {
    BitSet candidates = new BitSet(size());
    candidates.or(always);
    for (Map.Entry<String, Value> trait : facts.traits().entrySet()) {
      clues.find(ClueTable.value(trait.getKey(), trait.getValue()), candidates);
      clues.find(ClueTable.trait(trait.getKey()), candidates);
    }
    for (String tag : facts.tags().keySet()) {
      clues.find(ClueTable.tag(tag), candidates);
    }
    for (CounterId counter : facts.counters().keySet()) {
      clues.find(ClueTable.counter(counter), candidates);
    }
    return candidates;
  }

  /** The plan in bytes, for {@link #read}. */
  public byte[] bytes() {
    byte[] counters = counted.getBytes(StandardCharsets.US_ASCII);
    byte[] names = named.toByteArray();
    byte[] all = always.toByteArray();
    ByteBuffer out =
        ByteBuffer.allocate(
            Integer.BYTES * (6 + idEnds.length)
                + idTexts.length
                + names.length
                + all.length
                + clues.length()
                + events.length()
                + counters.length);
    out.putInt(idEnds.length);
    for (int end : idEnds) {
      out.putInt(end);
    }
    for (byte[] part : List.of(idTexts, names, all, counters)) {
      out.putInt(part.length).put(part);
    }
    clues.write(out);
    events.write(out);
    return out.putInt(readConsent ? 1 : 0).array();
  }

  /** Reads what {@link #bytes} wrote. */
  public static SegmentPlan read(ByteBuffer in) {
    int[] idEnds = ClueTable.ints(in, in.getInt());
    byte[] idTexts = part(in);
    BitSet named = BitSet.valueOf(part(in));
    BitSet always = BitSet.valueOf(part(in));
    String counted = new String(part(in), StandardCharsets.US_ASCII);
    ClueTable clues = ClueTable.read(in);
    ClueTable events = ClueTable.read(in);
    return new SegmentPlan(
        idEnds, idTexts, named, always, clues, events, counted, in.getInt() == 1);
  }

  private static byte[] part(ByteBuffer in) {
    byte[] part = new byte[in.getInt()];
    in.get(part);
    return part;
  }
}
