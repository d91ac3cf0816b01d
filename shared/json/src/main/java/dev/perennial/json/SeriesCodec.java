package dev.perennial.json;

import dev.perennial.domain.segment.Series;
import dev.perennial.domain.segment.Series.Point;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Num;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The stored form of a series: {@code {"exact":[POINT…],"hourly":[POINT…]}}, where a point is
 * {@code [second, count]}, or {@code [second, 1, value]}, or {@code [second, count, sum, min, max,
 * values]}; the second is since 1970, with a fraction where there is one.
 */
public final class SeriesCodec {

  private static final int NANOS = 9;

  private SeriesCodec() {}

  public static Value write(Series series) {
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put("exact", write(series.exact()));
    if (!series.hourly().isEmpty()) {
      fields.put("hourly", write(series.hourly()));
    }
    return new Fields(fields);
  }

  public static Series read(Value value) {
    JsonObject fields = JsonObject.root(value);
    return new Series(
        read(fields.required("exact")),
        fields.optional("hourly").map(SeriesCodec::read).orElseGet(TreeMap::new));
  }

  private static Items write(NavigableMap<Instant, Point> points) {
    List<Value> items = new ArrayList<>(points.size());
    points.forEach((at, point) -> items.add(write(at, point)));
    return new Items(items);
  }

  private static Items write(Instant at, Point point) {
    BigDecimal second =
        BigDecimal.valueOf(at.getEpochSecond()).add(BigDecimal.valueOf(at.getNano(), NANOS));
    List<Value> items = new ArrayList<>(6);
    items.add(new Num(second));
    items.add(Num.of(point.count()));
    if (!point.kinds().isEmpty()) {
      items.add(new Items(point.kinds().stream().<Value>map(Num::of).toList()));
    } else if (point.count() == 1 && point.values() == 1) {
      items.add(new Num(point.sum()));
    } else if (point.values() > 0) {
      items.add(new Num(point.sum()));
      items.add(new Num(point.min()));
      items.add(new Num(point.max()));
      items.add(Num.of(point.values()));
    }
    return new Items(items);
  }

  private static NavigableMap<Instant, Point> read(JsonNode points) {
    TreeMap<Instant, Point> read = new TreeMap<>();
    for (JsonNode point : points.list()) {
      List<JsonNode> parts = point.list();
      BigDecimal second = parts.getFirst().number();
      long whole = second.longValue();
      long nanos = second.subtract(BigDecimal.valueOf(whole)).movePointRight(NANOS).longValue();
      read.put(Instant.ofEpochSecond(whole, nanos), point(parts));
    }
    return read;
  }

  private static Point point(List<JsonNode> parts) {
    if (parts.size() == 3 && parts.get(2).value() instanceof Items) {
      TreeSet<Long> kinds = new TreeSet<>();
      parts.get(2).list().forEach(kind -> kinds.add(kind.number().longValueExact()));
      return new Point(
          parts.get(1).number().longValueExact(),
          BigDecimal.ZERO,
          BigDecimal.ZERO,
          BigDecimal.ZERO,
          0,
          kinds);
    }
    List<BigDecimal> numbers = parts.stream().map(JsonNode::number).toList();
    return switch (numbers.size()) {
      case 2 ->
          new Point(
              numbers.get(1).longValueExact(),
              BigDecimal.ZERO,
              BigDecimal.ZERO,
              BigDecimal.ZERO,
              0);
      case 3 -> Point.of(numbers.get(2));
      case 6 ->
          new Point(
              numbers.get(1).longValueExact(),
              numbers.get(2),
              numbers.get(3),
              numbers.get(4),
              numbers.get(5).longValueExact());
      default -> throw new IllegalArgumentException("a point has 2, 3 or 6 numbers");
    };
  }
}
