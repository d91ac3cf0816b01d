package dev.perennial.lambda;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import dev.perennial.domain.Page;
import dev.perennial.domain.access.Key;
import dev.perennial.domain.value.Value;
import dev.perennial.json.Json;
import dev.perennial.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** A request to an endpoint. */
public final class HttpRequest {

  /** Longest body, in bytes after decompression, of an endpoint that names no other limit. */
  public static final int MAX_BODY = 1024 * 1024;

  private static final Pattern SLUG = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");
  private static final Pattern ID = Pattern.compile("[a-z2-7]{26}");
  private static final int DEFAULT_PAGE = 50;
  private static final int LARGEST_PAGE = 200;

  private final APIGatewayV2HTTPEvent event;
  private final @Nullable Key key;

  HttpRequest(APIGatewayV2HTTPEvent event, @Nullable Key key) {
    this.event = event;
    this.key = key;
  }

  /** The key that the request came with. There is one on every route that asks for a scope. */
  public Key key() {
    if (key == null) {
      throw new IllegalStateException("the route asks for no scope, so there is no key");
    }
    return key;
  }

  /** The segment of the path that the route calls by this name. */
  public String path(String name) {
    String value = values(event.getPathParameters()).get(name);
    if (value == null) {
      throw new IllegalStateException("the route has no segment " + name);
    }
    return value;
  }

  /**
   * The segment of the path that the route calls by this name and that the client chooses as an id.
   *
   * @throws Problem 400 when it is no slug
   */
  public String slug(String name) {
    String value = path(name);
    if (!SLUG.matcher(value).matches()) {
      throw Problem.invalid(
          "the id must have 1 to 64 characters of a-z, 0-9, - and _, the first a letter or digit");
    }
    return value;
  }

  /**
   * The segment of the path that the route calls by this name and that we chose as an id: 26
   * characters of {@code a-z2-7}.
   *
   * @param what it is the id of, for example {@code profile}
   * @throws Problem 404 when it has another form, for then there is nothing of that id
   */
  public String id(String name, String what) {
    String value = path(name);
    if (!isId(value)) {
      throw Problem.notFound("there is no such " + what);
    }
    return value;
  }

  /** Whether it has the form of an id that we chose. */
  public static boolean isId(String value) {
    return ID.matcher(value).matches();
  }

  /** Where the asked page of a list begins; null for the first. */
  public @Nullable String cursor() {
    return query("cursor").filter(cursor -> !cursor.isEmpty()).orElse(null);
  }

  /** The asked page of a list that is sorted by these ids and known as a whole. */
  public <T> Page<T> page(List<T> all, Function<? super T, String> id) {
    String after = query("cursor").orElse("");
    List<T> left = all.stream().filter(item -> id.apply(item).compareTo(after) > 0).toList();
    List<T> page = left.subList(0, Math.min(pageSize(), left.size()));
    return new Page<>(page, page.size() < left.size() ? id.apply(page.getLast()) : null);
  }

  /** A query parameter. */
  public Optional<String> query(String name) {
    return Optional.ofNullable(values(event.getQueryStringParameters()).get(name));
  }

  /** How many items a page of a list shall have: {@code ?limit=} of 1 to 200. */
  public int pageSize() {
    String limit = query("limit").orElse("");
    if (limit.isEmpty()) {
      return DEFAULT_PAGE;
    }
    try {
      int size = Integer.parseInt(limit);
      if (size >= 1 && size <= LARGEST_PAGE) {
        return size;
      }
    } catch (NumberFormatException e) {
      // Said below, as for a number out of range.
    }
    throw Problem.invalid("limit must be a whole number from 1 to " + LARGEST_PAGE);
  }

  /** A header, whatever the case of its name. */
  public Optional<String> header(String name) {
    for (Map.Entry<String, String> header : values(event.getHeaders()).entrySet()) {
      if (header.getKey().equalsIgnoreCase(name)) {
        return Optional.of(header.getValue());
      }
    }
    return Optional.empty();
  }

  /** The body as JSON. */
  public Value json() {
    return Json.read(body(MAX_BODY));
  }

  /** The fields of a form that a browser posted, in their order. */
  public Map<String, List<String>> form() {
    Map<String, List<String>> fields = new LinkedHashMap<>();
    for (String pair : new String(body(MAX_BODY), StandardCharsets.UTF_8).split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        try {
          fields
              .computeIfAbsent(
                  URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
                  _ -> new ArrayList<>())
              .add(URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
          throw Problem.invalid("the form is not properly encoded");
        }
      }
    }
    return fields;
  }

  /** The body as a JSON object. */
  public JsonObject object() {
    return JsonObject.root(json());
  }

  /**
   * The body, decompressed when it is gzip. Its first bytes decide that: clients forget {@code
   * Content-Encoding}, and proxies that decompress leave it.
   *
   * @param limit in bytes; no more is ever decompressed
   */
  public byte[] body(int limit) {
    byte[] body = received();
    boolean gzip = body.length > 1 && body[0] == 0x1f && body[1] == (byte) 0x8b;
    byte[] plain = gzip ? gunzip(body, limit + 1) : body;
    if (plain.length > limit) {
      throw Problem.tooLarge("the body is longer than " + limit + " bytes");
    }
    return plain;
  }

  private byte[] received() {
    String body = event.getBody();
    if (body == null) {
      return new byte[0];
    }
    if (!event.getIsBase64Encoded()) {
      return body.getBytes(StandardCharsets.UTF_8);
    }
    try {
      return Base64.getDecoder().decode(body);
    } catch (IllegalArgumentException e) {
      throw Problem.invalid("the body is not proper base64");
    }
  }

  private static byte[] gunzip(byte[] body, int most) {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
      return in.readNBytes(most);
    } catch (IOException e) {
      throw Problem.invalid("the body is not proper gzip");
    }
  }

  private static Map<String, String> values(@Nullable Map<String, String> values) {
    return values == null ? Map.of() : values;
  }
}
