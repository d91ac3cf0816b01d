package dev.perennial.json;

import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Bool;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Null;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import dev.perennial.json.JsonBatch.Element;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamContext;

/**
 * One pass over one document. The bounds for strangers are checked here, so that reading can go on
 * after a breach.
 */
final class JsonReader {

  private static final int MAX_DEPTH = 32;
  private static final int MAX_TEXT = 64 * 1024;
  private static final int MAX_NAME = 256;
  private static final int MAX_DIGITS = 40;
  private static final int MAX_EXPONENT = 308;

  private final JsonParser parser;
  private final boolean foreign;

  /**
   * A reader at the first token.
   *
   * @param foreign whether a stranger sent the document
   */
  JsonReader(JsonParser parser, boolean foreign) {
    this.parser = parser;
    this.foreign = foreign;
  }

  /** The value that starts at the current token, with nothing around it. */
  Value value() {
    return value(1);
  }

  /**
   * The object that starts at the current token, with the list of that name read element by
   * element.
   */
  JsonBatch batch(String listName) {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw problem("the document must be an object");
    }
    Map<String, Value> fields = new LinkedHashMap<>();
    List<Element> elements = null;
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      boolean list = parser.nextToken() == JsonToken.START_ARRAY && name.equals(listName);
      if (list && elements == null) {
        elements = elements();
      } else if (list) {
        throw problem("the name comes twice in its object");
      } else {
        putField(fields, name, 2);
      }
    }
    return new JsonBatch(new Fields(fields), elements);
  }

  private List<Element> elements() {
    int depth = parser.streamReadContext().getNestingDepth();
    List<Element> elements = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      try {
        elements.add(new Element.Read(value()));
      } catch (JsonProblem problem) {
        elements.add(new Element.Refused(problem));
        while (parser.streamReadContext().getNestingDepth() > depth) {
          parser.nextToken();
        }
      }
    }
    return elements;
  }

  private Value value(int depth) {
    return switch (parser.currentToken()) {
      case START_OBJECT -> fields(depth);
      case START_ARRAY -> items(depth);
      case VALUE_STRING -> text();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number();
      case VALUE_TRUE -> new Bool(true);
      case VALUE_FALSE -> new Bool(false);
      case VALUE_NULL -> new Null();
      case null -> throw problem("the document ends too early");
      case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
          throw problem("a value is missing");
    };
  }

  private Fields fields(int depth) {
    requireDepth(depth);
    Map<String, Value> fields = new LinkedHashMap<>();
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      parser.nextToken();
      putField(fields, name, depth + 1);
    }
    return new Fields(fields);
  }

  private void putField(Map<String, Value> fields, String name, int depth) {
    if (foreign && name.length() > MAX_NAME) {
      throw problemAround("a name is longer than " + MAX_NAME + " characters");
    }
    if (isTorn(name)) {
      throw problemAround("a name holds half of a surrogate pair");
    }
    if (fields.putIfAbsent(name, value(depth)) != null) {
      throw problem("the name comes twice in its object");
    }
  }

  private Items items(int depth) {
    requireDepth(depth);
    List<Value> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(value(depth + 1));
    }
    return new Items(items);
  }

  private Text text() {
    String text = parser.getString();
    if (foreign && text.length() > MAX_TEXT) {
      throw problem("a text is longer than " + MAX_TEXT + " characters");
    }
    if (isTorn(text)) {
      throw problem("a text holds half of a surrogate pair");
    }
    return new Text(text);
  }

  private Num number() {
    BigDecimal number;
    try {
      number = parser.getDecimalValue();
    } catch (NumberFormatException e) {
      // Unlike all else that Jackson refuses, an exponent beyond int is no JacksonException.
      throw problem("a number is out of range");
    }
    if (foreign && number.signum() != 0) {
      long exponent = (long) number.precision() - number.scale() - 1;
      if (Math.abs(exponent) > MAX_EXPONENT) {
        throw problem("a number is beyond 1e" + MAX_EXPONENT + " or within 1e-" + MAX_EXPONENT);
      }
    }
    Num exact = new Num(number);
    if (foreign && exact.number().precision() > MAX_DIGITS) {
      throw problem("a number has more than " + MAX_DIGITS + " significant digits");
    }
    return exact;
  }

  private void requireDepth(int depth) {
    if (foreign && depth > MAX_DEPTH) {
      throw problem("the document is deeper than " + MAX_DEPTH + " levels");
    }
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

  /** A problem with what is being read. */
  JsonProblem problem(String detail) {
    return problem(parser.streamReadContext(), detail);
  }

  /** A problem with the name of a field, told at its object: the name itself may be unprintable. */
  private JsonProblem problemAround(String detail) {
    TokenStreamContext context = parser.streamReadContext();
    // At a field whose value is an object or a list, the parser is inside of that value already.
    boolean inside =
        parser.currentToken() == JsonToken.START_OBJECT
            || parser.currentToken() == JsonToken.START_ARRAY;
    TokenStreamContext object = inside ? context.getParent() : context;
    return problem(object == null ? null : object.getParent(), detail);
  }

  private static JsonProblem problem(@Nullable TokenStreamContext at, String detail) {
    return new JsonProblem(at == null ? "" : at.pathAsPointer().toString(), detail);
  }
}
