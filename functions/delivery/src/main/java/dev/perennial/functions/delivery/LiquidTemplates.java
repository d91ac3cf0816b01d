package dev.perennial.functions.delivery;

import dev.perennial.domain.delivery.Rendition;
import dev.perennial.domain.delivery.Rendition.Email;
import dev.perennial.domain.delivery.Rendition.Push;
import dev.perennial.domain.delivery.Rendition.Sms;
import dev.perennial.domain.delivery.Templates;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Bool;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Null;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Templates in Liquid. In HTML every value is escaped where it is put out, unless its last filter
 * is {@code escape}; so markup that was captured into a variable is shown as it is written. In the
 * lines that must be one line (a subject, a title) white space is collapsed.
 *
 * @see <a href="https://shopify.github.io/liquid/">Liquid</a>
 */
final class LiquidTemplates implements Templates {

  /** Generous, as the first template also loads the language. */
  private static final Duration LONGEST = Duration.ofSeconds(5);

  private final Liquid liquid = new Liquid(LONGEST);

  @Override
  public List<Flaw> check(Rendition template) {
    List<Flaw> flaws = new ArrayList<>();
    parts(template)
        .forEach(
            (part, source) -> {
              try {
                liquid.check(source, syntax(part));
              } catch (Liquid.Broken e) {
                flaws.add(new Flaw(part, e.detail()));
              }
            });
    return flaws;
  }

  @Override
  public Rendering render(Rendition template, Fields variables) {
    Map<String, Object> values = map(variables);
    Map<String, String> rendered = new HashMap<>();
    for (Map.Entry<String, String> part : parts(template).entrySet()) {
      try {
        String text = liquid.render(part.getValue(), syntax(part.getKey()), values);
        rendered.put(part.getKey(), text);
      } catch (Liquid.Broken e) {
        return new Rendering.Broken(new Flaw(part.getKey(), e.detail()));
      }
    }
    return new Rendering.Rendered(
        switch (template) {
          case Email _ ->
              new Email(line(rendered, "subject"), rendered.get("html"), rendered.get("text"));
          case Sms _ -> new Sms(rendered.getOrDefault("body", ""));
          case Push push ->
              new Push(
                  line(rendered, "title"),
                  rendered.getOrDefault("body", ""),
                  push.url() == null ? null : line(rendered, "url"),
                  push.collapseKey() == null ? null : line(rendered, "collapseKey"),
                  push.data());
        });
  }

  private static Map<String, String> parts(Rendition template) {
    Map<String, String> parts = new LinkedHashMap<>();
    switch (template) {
      case Email email -> {
        put(parts, "subject", email.subject());
        put(parts, "html", email.html());
        put(parts, "text", email.text());
      }
      case Sms sms -> put(parts, "body", sms.body());
      case Push push -> {
        put(parts, "title", push.title());
        put(parts, "body", push.body());
        put(parts, "url", push.url());
        put(parts, "collapseKey", push.collapseKey());
      }
    }
    return parts;
  }

  private static void put(Map<String, String> parts, String part, @Nullable String source) {
    if (source != null) {
      parts.put(part, source);
    }
  }

  private static Liquid.Syntax syntax(String part) {
    return part.equals("html") ? Liquid.Syntax.HTML : Liquid.Syntax.PLAIN;
  }

  private static String line(Map<String, String> rendered, String part) {
    return rendered.getOrDefault(part, "").strip().replaceAll("\\s+", " ");
  }

  private static Map<String, Object> map(Fields fields) {
    Map<String, Object> map = new HashMap<>();
    fields
        .fields()
        .forEach(
            (name, value) -> {
              Object object = object(value);
              if (object != null) {
                map.put(name, object);
              }
            });
    return map;
  }

  private static @Nullable Object object(Value value) {
    return switch (value) {
      case Text text -> text.text();
      case Num number -> number(number.number());
      case Bool bool -> bool.truth();
      case Null _ -> null;
      case Items items -> {
        List<@Nullable Object> list = new ArrayList<>();
        items.items().forEach(item -> list.add(object(item)));
        yield list;
      }
      case Fields fields -> map(fields);
    };
  }

  /** Without an exponent: a price is 100 and not 1E+2. */
  private static Object number(BigDecimal number) {
    BigDecimal plain = new BigDecimal(number.toPlainString());
    return plain.scale() <= 0 && plain.precision() <= 18 ? plain.longValueExact() : plain;
  }
}
