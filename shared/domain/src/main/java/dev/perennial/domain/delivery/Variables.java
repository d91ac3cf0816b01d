package dev.perennial.domain.delivery;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.segment.Facts;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Text;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What templates can name: {@code profile.id}, {@code profile.traits}, {@code event.name} and
 * {@code event.properties}, {@code data}, and in a message {@code links.unsubscribe}, {@code
 * links.preferences} and {@code links.confirm}.
 */
public final class Variables {

  private Variables() {}

  /** As they are before there is anybody to link to. */
  public static Fields of(Person person, Fields data) {
    return of(person, null, data, Map.of());
  }

  /**
   * As they are in a message.
   *
   * @param links that the message may carry
   */
  static Fields of(Person person, SendRequest request, Map<Links.Kind, String> links) {
    return of(person, request.event(), request.data(), links);
  }

  private static Fields of(
      Person person, @Nullable Event event, Fields data, Map<Links.Kind, String> links) {
    Fields traits = new Fields(Facts.of(person.facets().values()).traits());
    Map<String, Value> variables = new LinkedHashMap<>();
    variables.put(
        "profile", new Fields(Map.of("id", new Text(person.id().value()), "traits", traits)));
    if (event != null) {
      Map<String, Value> happened = new LinkedHashMap<>();
      if (event.name() != null) {
        happened.put("name", new Text(event.name()));
      }
      happened.put("properties", event.properties());
      variables.put("event", new Fields(happened));
    }
    if (!data.isEmpty()) {
      variables.put("data", data);
    }
    if (!links.isEmpty()) {
      Map<String, Value> urls = new LinkedHashMap<>();
      links.forEach((kind, url) -> urls.put(kind.name().toLowerCase(Locale.ROOT), new Text(url)));
      variables.put("links", new Fields(urls));
    }
    return new Fields(variables);
  }
}
