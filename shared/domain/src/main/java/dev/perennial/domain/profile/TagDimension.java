package dev.perennial.domain.profile;

import java.util.Locale;
import java.util.Optional;

/**
 * What a tag is about. A tag that a rule gives says so; others do by the start of their names,
 * {@code behaviour:loves-tea}, or are of no dimension.
 */
public enum TagDimension {
  /** Who somebody is: gender, city, source channel. */
  ATTRIBUTE,
  /** What somebody does: how often they browse, what they prefer. */
  BEHAVIOUR,
  /** Where somebody stands with us. */
  LIFECYCLE,
  /** What somebody is worth to us. */
  VALUE;

  /** Start of the names of tags that people give themselves by what they answer. */
  static final String FEEDBACK = "feedback:";

  /** The dimension of the tag of that name. */
  public static Optional<TagDimension> of(String tag) {
    if (tag.startsWith(FEEDBACK)) {
      return Optional.of(BEHAVIOUR);
    }
    for (TagDimension dimension : values()) {
      if (tag.startsWith(dimension.name().toLowerCase(Locale.ROOT) + ":")) {
        return Optional.of(dimension);
      }
    }
    return Optional.empty();
  }
}
