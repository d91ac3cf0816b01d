package dev.perennial.json;

import dev.perennial.domain.definition.Definition;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes definitions as the API answers them. */
public final class DefinitionCodec {

  private DefinitionCodec() {}

  /** One that is as it was put or shipped, and of which no more is known than its status. */
  public static Fields write(Definition definition) {
    Map<String, Value> fields = begin(definition, definition.document());
    fields.put("status", new Text(definition.status()));
    return new Fields(fields);
  }

  /**
   * One that was put, with when that was; of a segment, with since when it means what it does: a
   * name alone makes a version, and does not change that.
   *
   * @param document what of its document may be seen
   * @param standing what else there is to say of it
   */
  public static Fields write(Definition definition, Fields document, Map<String, Value> standing) {
    Map<String, Value> fields = begin(definition, document);
    fields.putAll(standing);
    fields.put("updatedAt", new Text(definition.at().toString()));
    return new Fields(fields);
  }

  /** A tag goes by its name. */
  private static Map<String, Value> begin(Definition definition, Fields document) {
    Map<String, Value> fields = new LinkedHashMap<>();
    String id = definition.id();
    fields.put("id", new Text(definition.kind() == Kind.SEGMENT ? new SegmentId(id).name() : id));
    fields.putAll(document.fields());
    fields.put("version", Num.of(definition.version()));
    return fields;
  }
}
