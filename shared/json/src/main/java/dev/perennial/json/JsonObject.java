package dev.perennial.json;

import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Null;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * An object in a document, where it stands, and which of its fields were asked for, so that {@link
 * #refuseOthers} can name one that nobody knows.
 */
public final class JsonObject {

  private final Fields fields;
  private final String pointer;
  private final Set<String> known = new HashSet<>();

  JsonObject(Fields fields, String pointer) {
    this.fields = fields;
    this.pointer = pointer;
  }

  /** The document as an object. */
  public static JsonObject root(Value document) {
    return JsonNode.root(document).object();
  }

  /** The field of that name, which must be there and not null. */
  public JsonNode required(String name) {
    return optional(name).orElseThrow(() -> new InvalidDocument(pointer(name), "is required"));
  }

  /** The field of that name, or empty when it is absent or null. */
  public Optional<JsonNode> optional(String name) {
    known.add(name);
    Value value = fields.get(name);
    return value == null || value instanceof Null
        ? Optional.empty()
        : Optional.of(new JsonNode(value, pointer(name)));
  }

  /** Whether there is a field of that name, null or not. */
  public boolean has(String name) {
    known.add(name);
    return fields.get(name) != null;
  }

  /** All fields as they are. */
  public Fields fields() {
    return fields;
  }

  /** JSON pointer of this object, empty for the document itself. */
  public String pointer() {
    return pointer;
  }

  /** JSON pointer of a field of this object (RFC 6901). */
  public String pointer(String name) {
    return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
  }

  /**
   * Ends the reading.
   *
   * @throws InvalidDocument when there is a field that was not asked for
   */
  public void refuseOthers() {
    for (String name : fields.fields().keySet()) {
      if (!known.contains(name)) {
        throw new InvalidDocument(pointer(name), "is not known here");
      }
    }
  }

  /** The fault to throw when the object as a whole is wrong. */
  public InvalidDocument invalid(String detail) {
    return new InvalidDocument(pointer, detail);
  }
}
