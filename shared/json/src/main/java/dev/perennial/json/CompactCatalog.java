package dev.perennial.json;

import static java.util.stream.Collectors.toSet;

import dev.perennial.domain.definition.Definition;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.segment.Condition;
import dev.perennial.domain.segment.CounterId;
import dev.perennial.domain.segment.Counters;
import dev.perennial.domain.segment.Rfm;
import dev.perennial.domain.segment.Rules;
import dev.perennial.domain.segment.Segment;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.SegmentPlan;
import dev.perennial.domain.segment.Segments;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Live definitions in bytes that are ready once they are inflated: the {@linkplain SegmentPlan
 * plan} by which segments are found, and their documents, each of which is read when somebody may
 * be in the segment.
 */
public final class CompactCatalog implements IntFunction<Segment> {

  private final SegmentPlan plan;

  /** Where the document of each segment ends. */
  private final int[] ends;

  private final byte[] documents;

  /** What words in conditions mean, as documents; most conditions have none. */
  private final byte[] words;

  private final @Nullable Rfm rfm;
  private @Nullable Rules rules;

  private CompactCatalog(ByteBuffer in, @Nullable Rfm rfm) {
    this.rfm = rfm;
    this.plan = SegmentPlan.read(in);
    this.ends = new int[plan.size()];
    in.asIntBuffer().get(ends);
    in.position(in.position() + Integer.BYTES * ends.length);
    this.documents = part(in);
    this.words = part(in);
  }

  /**
   * The bytes of what lives; empty when some segments refer to themselves.
   *
   * @param segments compiled from these definitions
   */
  static Optional<byte[]> write(LiveDefinitions.Sources sources, Segments segments) {
    return segments.plan().map(plan -> deflated(inflated(sources, plan, segments.counters())));
  }

  private static byte[] inflated(
      LiveDefinitions.Sources sources, SegmentPlan plan, Counters counters) {
    Map<String, Definition> byId = new HashMap<>();
    sources.segments().forEach(definition -> byId.put(definition.id(), definition));
    List<byte[]> documents = new ArrayList<>();
    int length = 0;
    for (int number = 0; number < plan.size(); number++) {
      Definition definition = byId.get(plan.id(number).value());
      if (definition == null) {
        throw new IllegalStateException("a plan of other segments");
      }
      byte[] document = Json.bytes(stored(definition));
      documents.add(document);
      length += document.length;
    }
    byte[] planned = plan.bytes();
    byte[] scores = Json.bytes(sources.cuts().<Value>map(cuts -> cuts).orElse(Fields.EMPTY));
    byte[] words =
        Json.bytes(
            new Fields(
                Map.of(
                    "lifecycle", sources.lifecycle(),
                    "traits",
                        new Items(
                            sources.traits().stream().<Value>map(CompactCatalog::stored).toList()),
                    "tags",
                        new Items(
                            sources.segments().stream()
                                .filter(tag -> new SegmentId(tag.id()).isTag())
                                .<Value>map(CompactCatalog::stored)
                                .toList()))));
    byte[] events = texts(new TreeSet<>(sources.listenedEvents()));
    byte[] larger = texts(counters.larger());
    ByteBuffer out =
        ByteBuffer.allocate(
            planned.length
                + Integer.BYTES * (documents.size() + 5)
                + length
                + words.length
                + scores.length
                + events.length
                + larger.length);
    for (byte[] part : List.of(scores, events, larger)) {
      out.putInt(part.length).put(part);
    }
    out.put(planned);
    int end = 0;
    for (byte[] document : documents) {
      end += document.length;
      out.putInt(end);
    }
    out.putInt(length);
    documents.forEach(out::put);
    return out.putInt(words.length).put(words).array();
  }

  /** What is counted, for whoever makes the next bytes. */
  static byte[] writeCounters(Counters counters) {
    byte[] ids = texts(new TreeSet<>(counters.counters().stream().map(CounterId::value).toList()));
    byte[] larger = texts(counters.larger());
    return deflated(
        ByteBuffer.allocate(Integer.BYTES * 2 + ids.length + larger.length)
            .putInt(ids.length)
            .put(ids)
            .putInt(larger.length)
            .put(larger)
            .array());
  }

  /** What was counted. */
  static Counters readCounters(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(inflated(bytes));
    Set<CounterId> ids = texts(part(in)).stream().map(CounterId::new).collect(toSet());
    return Counters.former(ids, texts(part(in)));
  }

  /** What is read from the bytes. */
  public static LiveDefinitions.Live read(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(inflated(bytes));
    byte[] scores = part(in);
    // No JSON here: its reader takes longer to load than all this to read.
    List<String> events = texts(part(in));
    List<String> larger = texts(part(in));
    Rfm rfm = scores.length <= "{}".length() ? null : RfmCodec.read(Json.readOwn(scores));
    // No lambda either, for the same reason.
    CompactCatalog catalog = new CompactCatalog(in, rfm);
    return new LiveDefinitions.Live(
        Segments.of(catalog.plan, catalog, rfm, larger), Set.copyOf(events));
  }

  /** The segment of that number. */
  @Override
  public Segment apply(int number) {
    return LiveDefinitions.segment(definition(number), this::resolved, rfm);
  }

  private Definition definition(int number) {
    int start = number == 0 ? 0 : ends[number - 1];
    byte[] document = new byte[ends[number] - start];
    System.arraycopy(documents, start, document, 0, document.length);
    return definition(Kind.SEGMENT, Json.readOwn(document));
  }

  /** With the meaning of its words, if it has any. */
  private Condition resolved(Condition condition) {
    boolean[] worded = {false};
    Condition.forEachLeaf(
        condition,
        leaf ->
            worded[0] |=
                leaf instanceof Condition.OfTag
                    || leaf instanceof Condition.InLifecycle
                    || leaf instanceof Condition.InStage
                    || leaf instanceof Condition.OfComputed);
    return worded[0] ? rules().resolve(condition) : condition;
  }

  private synchronized Rules rules() {
    Rules known = rules;
    if (known == null) {
      JsonObject all = JsonNode.root(Json.readOwn(words)).object();
      known =
          RulesCodec.read(
              all.required("lifecycle").object().fields(),
              definitions(Kind.TRAIT, all.required("traits")),
              definitions(Kind.SEGMENT, all.required("tags")));
      rules = known;
    }
    return known;
  }

  private static List<Definition> definitions(Kind kind, JsonNode list) {
    return list.list().stream().map(stored -> definition(kind, stored.value())).toList();
  }

  private static Fields stored(Definition definition) {
    return new Fields(
        Map.of(
            "id", new Text(definition.id()),
            "status", new Text(definition.status()),
            "at", new Text(definition.at().toString()),
            "first", Num.of(definition.first()),
            "document", definition.document()));
  }

  private static Definition definition(Kind kind, Value stored) {
    JsonObject object = JsonNode.root(stored).object();
    return new Definition(
        kind,
        object.required("id").text(),
        1,
        object.required("status").text(),
        0,
        object.required("document").object().fields(),
        Instant.parse(object.required("at").text()),
        (int) object.required("first").integer(1, Integer.MAX_VALUE));
  }

  private static List<String> texts(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    List<String> texts = new ArrayList<>();
    while (in.hasRemaining()) {
      texts.add(new String(part(in), StandardCharsets.UTF_8));
    }
    return texts;
  }

  private static byte[] texts(Collection<String> texts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (String text : texts) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      all.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
      all.writeBytes(bytes);
    }
    return all.toByteArray();
  }

  private static byte[] part(ByteBuffer in) {
    byte[] part = new byte[in.getInt()];
    in.get(part);
    return part;
  }

  /** Their length, then what zlib makes of them. */
  private static byte[] deflated(byte[] bytes) {
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    try {
      deflater.setInput(bytes);
      deflater.finish();
      byte[] room = new byte[bytes.length + 1024];
      int length = deflater.deflate(room);
      return ByteBuffer.allocate(Integer.BYTES + length)
          .putInt(bytes.length)
          .put(room, 0, length)
          .array();
    } finally {
      deflater.end();
    }
  }

  private static byte[] inflated(byte[] deflated) {
    Inflater inflater = new Inflater(true);
    try {
      ByteBuffer in = ByteBuffer.wrap(deflated);
      byte[] bytes = new byte[in.getInt()];
      inflater.setInput(in);
      if (inflater.inflate(bytes) < bytes.length) {
        throw new JsonProblem("", "the catalog is cut short");
      }
      return bytes;
    } catch (DataFormatException e) {
      throw new JsonProblem("", "not a compact catalog");
    } finally {
      inflater.end();
    }
  }
}
