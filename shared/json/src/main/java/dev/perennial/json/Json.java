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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads and writes JSON. What strangers send is bounded: 1 MiB a document, {@value #MAX_DEPTH}
 * levels, 64 Ki characters a text, {@value #MAX_NAME} a name, {@value #MAX_DIGITS} significant
 * digits and 1e±{@value #MAX_EXPONENT} a number, no name twice in an object, no half of a surrogate
 * pair.
 */
public final class Json {

  private static final int MAX_DEPTH = 32;
  private static final int MAX_TEXT = 64 * 1024;
  private static final int MAX_NAME = 256;
  private static final int MAX_DIGITS = 40;
  private static final int MAX_EXPONENT = 308;
  private static final int MAX_DOCUMENT = 1024 * 1024;

  private static final JsonFactory FOREIGN =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(MAX_TEXT)
                  // In bytes for some encodings; the exact limit is checked below.
                  .maxNameLength(4 * MAX_NAME)
                  .maxNumberLength(2 * MAX_EXPONENT)
                  .build())
          .build();

  /**
   * What we wrote ourselves may hold sums longer than any number accepted, and documents inside
   * documents.
   */
  private static final JsonFactory OWN =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(4 * MAX_DEPTH)
                  .maxStringLength(16 * MAX_DOCUMENT)
                  .maxNameLength(64 * MAX_NAME)
                  .maxNumberLength(8 * MAX_EXPONENT)
                  .build())
          .build();

  private Json() {}

  /**
   * The document that a stranger sent, in UTF-8, UTF-16 or UTF-32.
   *
   * @throws JsonProblem when it is none or exceeds a bound
   */
  public static Value read(byte[] document) {
    requireLength(document.length);
    return read(() -> FOREIGN.createParser(ObjectReadContext.empty(), document), true);
  }

  /**
   * The document that a stranger sent.
   *
   * @throws JsonProblem when it is none or exceeds a bound
   */
  public static Value read(String document) {
    requireLength(document.length());
    return read(() -> FOREIGN.createParser(ObjectReadContext.empty(), document), true);
  }

  /**
   * A document that {@link #bytes} wrote, without the bounds for strangers.
   *
   * @throws JsonProblem when it is none
   */
  public static Value readOwn(byte[] document) {
    return read(() -> OWN.createParser(ObjectReadContext.empty(), document), false);
  }

  /**
   * A document that {@link #text} wrote, without the bounds for strangers.
   *
   * @throws JsonProblem when it is none
   */
  public static Value readOwn(String document) {
    return read(() -> OWN.createParser(ObjectReadContext.empty(), document), false);
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

  private interface Opening {
    JsonParser open();
  }

  private static void requireLength(int length) {
    if (length > MAX_DOCUMENT) {
      throw new JsonProblem("", "the document is longer than " + MAX_DOCUMENT + " bytes");
    }
  }

  private static Value read(Opening document, boolean foreign) {
    try (JsonParser parser = document.open()) {
      try {
        JsonToken first = parser.nextToken();
        if (first == null) {
          throw new JsonProblem("", "the document is empty");
        }
        Value value = read(parser, first, foreign);
        if (parser.nextToken() != null) {
          throw new JsonProblem("", "something follows the document");
        }
        return value;
      } catch (JacksonException e) {
        throw problem(parser, String.valueOf(e.getOriginalMessage()));
      }
    } catch (JacksonException e) {
      throw new JsonProblem("", String.valueOf(e.getOriginalMessage()));
    }
  }

  private static Value read(JsonParser parser, @Nullable JsonToken token, boolean foreign) {
    return switch (token) {
      case START_OBJECT -> readFields(parser, foreign);
      case START_ARRAY -> readItems(parser, foreign);
      case VALUE_STRING -> readText(parser);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> readNumber(parser, foreign);
      case VALUE_TRUE -> new Bool(true);
      case VALUE_FALSE -> new Bool(false);
      case VALUE_NULL -> new Null();
      case null -> throw problem(parser, "the document ends too early");
      case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
          throw problem(parser, "a value is missing");
    };
  }

  private static Fields readFields(JsonParser parser, boolean foreign) {
    Map<String, Value> fields = new LinkedHashMap<>();
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      if (foreign && name.length() > MAX_NAME) {
        throw problemAround(parser, "a name is longer than " + MAX_NAME + " characters");
      }
      if (isTorn(name)) {
        throw problemAround(parser, "a name holds half of a surrogate pair");
      }
      Value value = read(parser, parser.nextToken(), foreign);
      if (fields.putIfAbsent(name, value) != null) {
        throw problem(parser, "the name comes twice in its object");
      }
    }
    return new Fields(fields);
  }

  private static Items readItems(JsonParser parser, boolean foreign) {
    List<Value> items = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      items.add(read(parser, token, foreign));
    }
    return new Items(items);
  }

  private static Num readNumber(JsonParser parser, boolean foreign) {
    BigDecimal number;
    try {
      number = parser.getDecimalValue();
    } catch (NumberFormatException e) {
      // Unlike all else that Jackson refuses, an exponent beyond int is no JacksonException.
      throw problem(parser, "a number is out of range");
    }
    Num exact = new Num(number);
    if (foreign && number.signum() != 0) {
      int digits = exact.number().precision();
      long exponent = (long) digits - exact.number().scale() - 1;
      if (digits > MAX_DIGITS) {
        throw problem(parser, "a number has more than " + MAX_DIGITS + " significant digits");
      }
      if (Math.abs(exponent) > MAX_EXPONENT) {
        throw problem(
            parser, "a number is beyond 1e" + MAX_EXPONENT + " or within 1e-" + MAX_EXPONENT);
      }
    }
    return exact;
  }

  private static Text readText(JsonParser parser) {
    String text = parser.getString();
    if (isTorn(text)) {
      throw problem(parser, "a text holds half of a surrogate pair");
    }
    return new Text(text);
  }

  /** Whether half of a surrogate pair stands alone: such a text has no UTF-8 form. */
  private static boolean isTorn(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (Character.charCount(text.codePointAt(i)) == 1) {
          return true;
        }
        i++;
      }
    }
    return false;
  }

  private static JsonProblem problem(JsonParser parser, String detail) {
    return new JsonProblem(parser.streamReadContext().pathAsPointer().toString(), detail);
  }

  /** A problem with the name of a field, told at its object: the name itself may be unprintable. */
  private static JsonProblem problemAround(JsonParser parser, String detail) {
    TokenStreamContext around = parser.streamReadContext().getParent();
    return new JsonProblem(around == null ? "" : around.pathAsPointer().toString(), detail);
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
