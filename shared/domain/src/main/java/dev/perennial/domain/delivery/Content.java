package dev.perennial.domain.delivery;

import java.util.EnumMap;
import java.util.Map;

/**
 * One version of what to say, in one rendition per channel.
 *
 * @param renditions by their channel, at least one
 */
public record Content(String id, int version, Map<Channel, Rendition> renditions) {
  public Content {
    renditions = Map.copyOf(new EnumMap<>(renditions));
  }
}
