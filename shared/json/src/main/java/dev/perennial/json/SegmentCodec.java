package dev.perennial.json;

import dev.perennial.domain.profile.TagDimension;
import dev.perennial.domain.segment.Condition;
import dev.perennial.domain.value.Value.Fields;

/**
 * Segments as teams write them: {@code {"name","description","where":CONDITION}}, or, for those
 * whose members are imported, {@code {"name","description","members":"imported"}}. Tags have a
 * {@code dimension} besides.
 */
public final class SegmentCodec {

  private static final int LONGEST_NAME = 256;
  private static final String MEMBERS = "members";
  private static final String DIMENSION = "dimension";

  private SegmentCodec() {}

  /**
   * The condition of the segment that a document describes.
   *
   * @throws InvalidDocument when it describes none
   */
  public static Condition read(Fields document) {
    return read(JsonObject.root(document));
  }

  /**
   * The condition of the tag that a document describes.
   *
   * @throws InvalidDocument when it describes none
   */
  public static Condition readTag(Fields document) {
    JsonObject tag = JsonObject.root(document);
    tag.required(DIMENSION).choice(TagDimension.class);
    return read(tag);
  }

  /** What the tag that a document describes is about. */
  static TagDimension dimension(Fields document) {
    return JsonObject.root(document).required(DIMENSION).choice(TagDimension.class);
  }

  private static Condition read(JsonObject segment) {
    segment.optional("name").ifPresent(name -> name.text(LONGEST_NAME));
    segment.optional("description").ifPresent(JsonNode::text);
    Condition condition =
        segment
            .optional(MEMBERS)
            .map(SegmentCodec::imported)
            .orElseGet(() -> ConditionCodec.read(segment.required("where")));
    segment.refuseOthers();
    return condition;
  }

  private static Condition imported(JsonNode members) {
    if (!members.text().equals("imported")) {
      throw members.invalid("must be imported");
    }
    return new Condition.Imported();
  }
}
