package dev.perennial.domain.segment;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The segments of a plan by id, each read when first asked for. */
final class UnreadSegments extends AbstractMap<SegmentId, Segment> {

  private final SegmentPlan plan;
  private final IntFunction<Segment> reader;
  private final @Nullable Segment[] read;

  UnreadSegments(SegmentPlan plan, IntFunction<Segment> reader) {
    this.plan = plan;
    this.reader = reader;
    this.read = new Segment[plan.size()];
  }

  @Override
  public @Nullable Segment get(@Nullable Object key) {
    int number = key instanceof SegmentId id ? plan.number(id) : -1;
    return number < 0 ? null : segment(number);
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return key instanceof SegmentId id && plan.number(id) >= 0;
  }

  @Override
  public Set<Map.Entry<SegmentId, Segment>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public Iterator<Map.Entry<SegmentId, Segment>> iterator() {
        return IntStream.range(0, read.length)
            .mapToObj(number -> Map.entry(plan.id(number), segment(number)))
            .iterator();
      }

      @Override
      public int size() {
        return read.length;
      }
    };
  }

  private Segment segment(int number) {
    Segment known = read[number];
    if (known == null) {
      known = reader.apply(number);
      read[number] = known;
    }
    return known;
  }
}
