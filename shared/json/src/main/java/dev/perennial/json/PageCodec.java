package dev.perennial.json;

import dev.perennial.domain.profile.History.Page;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Pages of history in storage. */
public final class PageCodec {

  private static final String BEFORE = "b";
  private static final String EVENTS = "e";

  private PageCodec() {}

  public static Fields write(Page page) {
    Map<String, Value> fields = new LinkedHashMap<>();
    if (page.before() != null) {
      fields.put(BEFORE, FacetCodec.write(page.before()));
    }
    PersonCodec.putUnlessEmpty(fields, EVENTS, page.events(), EventCodec::write);
    return new Fields(fields);
  }

  /**
   * The page that was written.
   *
   * @param keepUntil which is kept beside it
   * @throws InvalidDocument when it is none
   */
  public static Page read(Value document, Instant keepUntil) {
    JsonObject object = JsonObject.root(document);
    return new Page(
        object.optional(BEFORE).map(FacetCodec::readPage).orElse(null),
        PersonCodec.list(object, EVENTS, EventCodec::read),
        keepUntil);
  }
}
