package dev.perennial.json;

import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Bool;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Null;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import java.io.ByteArrayOutputStream;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads and writes JSON. What strangers send is bounded: 1 MiB a document, 32 levels, 64 Ki
 * characters a text, 256 a name, 40 significant digits and 1e±308 a number, no name twice in an
 * object, no half of a surrogate pair.
 */
public final class Json {

  private static final int MAX_DOCUMENT = 1024 * 1024;

  /**
   * Bounds of the parser's own, where reading cannot go on. {@link JsonReader} has the narrower
   * ones.
   */
  private static final JsonFactory FOREIGN = factory(1_000, MAX_DOCUMENT, 1_000);

  private static final JsonFactory OWN = factory(1_000, 16 * MAX_DOCUMENT, 10_000);

  private Json() {}

  /**
   * The document that a stranger sent, in UTF-8, UTF-16 or UTF-32.
   *
   * @throws JsonProblem when it is none or exceeds a bound
   */
  public static Value read(byte[] document) {
    requireLength(document.length);
    return read(
        () -> FOREIGN.createParser(ObjectReadContext.empty(), document), true, JsonReader::value);
  }

  /**
   * The document that a stranger sent: an object whose list of that name is read element by
   * element.
   *
   * @throws JsonProblem when it is none, or exceeds a bound elsewhere than within an element
   */
  public static JsonBatch readBatch(byte[] document, String listName) {
    requireLength(document.length);
    return read(
        () -> FOREIGN.createParser(ObjectReadContext.empty(), document),
        true,
        reader -> reader.batch(listName));
  }

  /**
   * The document that a stranger sent.
   *
   * @throws JsonProblem when it is none or exceeds a bound
   */
  public static Value read(String document) {
    requireLength(document.length());
    return read(
        () -> FOREIGN.createParser(ObjectReadContext.empty(), document), true, JsonReader::value);
  }

  /**
   * A document that {@link #bytes} wrote, without the bounds for strangers.
   *
   * @throws JsonProblem when it is none
   */
  public static Value readOwn(byte[] document) {
    return read(
        () -> OWN.createParser(ObjectReadContext.empty(), document), false, JsonReader::value);
  }

  /**
   * A document that {@link #text} wrote, without the bounds for strangers.
   *
   * @throws JsonProblem when it is none
   */
  public static Value readOwn(String document) {
    return read(
        () -> OWN.createParser(ObjectReadContext.empty(), document), false, JsonReader::value);
  }

  /** The value as JSON in UTF-8, without white space. */
  public static byte[] bytes(Value value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    try (JsonGenerator generator = OWN.createGenerator(ObjectWriteContext.empty(), out)) {
      write(value, generator);
    }
    return out.toByteArray();
  }

  /** The value as JSON, without white space. */
  public static String text(Value value) {
    StringWriter out = new StringWriter(256);
    try (JsonGenerator generator = OWN.createGenerator(ObjectWriteContext.empty(), out)) {
      write(value, generator);
    }
    return out.toString();
  }

  /** How messages name a kind of value, for example {@code a text}. */
  static String kind(Value value) {
    return switch (value) {
      case Text _ -> "a text";
      case Num _ -> "a number";
      case Bool _ -> "true or false";
      case Null _ -> "null";
      case Items _ -> "a list";
      case Fields _ -> "an object";
    };
  }

  private static JsonFactory factory(int depth, int text, int digits) {
    return JsonFactory.builder()
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(depth)
                .maxStringLength(text)
                .maxNameLength(text)
                .maxNumberLength(digits)
                .build())
        .build();
  }

  private interface Opening {
    JsonParser open();
  }

  private static void requireLength(int length) {
    if (length > MAX_DOCUMENT) {
      throw new JsonProblem("", "the document is longer than " + MAX_DOCUMENT + " bytes");
    }
  }

  private static <T> T read(Opening document, boolean foreign, Function<JsonReader, T> reading) {
    try (JsonParser parser = document.open()) {
      JsonReader reader = new JsonReader(parser, foreign);
      try {
        if (parser.nextToken() == null) {
          throw new JsonProblem("", "the document is empty");
        }
        T read = reading.apply(reader);
        if (parser.nextToken() != null) {
          throw new JsonProblem("", "something follows the document");
        }
        return read;
      } catch (JacksonException e) {
        throw reader.problem(String.valueOf(e.getOriginalMessage()));
      }
    } catch (JacksonException e) {
      throw new JsonProblem("", String.valueOf(e.getOriginalMessage()));
    }
  }

  private static void write(Value value, JsonGenerator generator) {
    switch (value) {
      case Text text -> generator.writeString(text.text());
      case Num number -> generator.writeNumber(plain(number.number()));
      case Bool bool -> generator.writeBoolean(bool.truth());
      case Null _ -> generator.writeNull();
      case Items items -> {
        generator.writeStartArray();
        for (Value item : items.items()) {
          write(item, generator);
        }
        generator.writeEndArray();
      }
      case Fields fields -> {
        generator.writeStartObject();
        for (Map.Entry<String, Value> field : fields.fields().entrySet()) {
          generator.writeName(field.getKey());
          write(field.getValue(), generator);
        }
        generator.writeEndObject();
      }
    }
  }

  /** Whole numbers of up to 21 digits without an exponent, as every JSON writer has them. */
  private static String plain(BigDecimal number) {
    boolean whole = number.scale() <= 0 && number.precision() - number.scale() <= 21;
    return whole ? number.toPlainString() : number.toString();
  }
}
