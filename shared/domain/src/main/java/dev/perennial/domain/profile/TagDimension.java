package dev.perennial.domain.profile;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a tag is about. A tag says so by the start of its name, {@code behaviour:loves-tea}; others
 * are of no dimension.
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

  /** The dimension of the tag of that name. */
  public static Optional<TagDimension> of(String tag) {
    for (TagDimension dimension : values()) {
      if (tag.startsWith(dimension.name().toLowerCase(Locale.ROOT) + ":")) {
        return Optional.of(dimension);
      }
    }
    return Optional.empty();
  }

  /** The share, 0 to 1, of the dimensions that some of these tags are about. */
  static double coverage(Collection<String> tags) {
    Set<TagDimension> covered = EnumSet.noneOf(TagDimension.class);
    tags.forEach(tag -> of(tag).ifPresent(covered::add));
    return covered.size() / (double) values().length;
  }
}
