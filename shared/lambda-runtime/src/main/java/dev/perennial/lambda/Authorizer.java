package dev.perennial.lambda;

import dev.perennial.domain.access.Key;
import dev.perennial.domain.access.Keys;
import dev.perennial.domain.access.Scope;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells who sends a request. Keys are known by their SHA-256 only. A key found is believed for
 * {@link #FRESH}, so a withdrawn one works for that long; an unknown one is asked for again each
 * time, so a new one works at once.
 */
public final class Authorizer {

  /** How long a key that was found is not asked for again. */
  public static final Duration FRESH = Duration.ofSeconds(60);

  private static final int MOST_KNOWN = 1_000;
  private static final int LONGEST_KEY = 256;

  private final Keys keys;
  private final InstantSource clock;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  public Authorizer(Keys keys, InstantSource clock) {
    this.keys = keys;
    this.clock = clock;
  }

  /**
   * The key in {@code Authorization}: {@code Bearer key}, or {@code Basic base64(key:)} as Segment
   * clients send it. Empty when there is none, or an empty one.
   *
   * @throws Problem 401 when the header is neither
   */
  public static Optional<String> presented(HttpRequest request) {
    String header = request.header("authorization").orElse("").strip();
    if (header.isEmpty()) {
      return Optional.empty();
    }
    int space = header.indexOf(' ');
    String scheme = space < 0 ? "" : header.substring(0, space).toLowerCase(Locale.ROOT);
    String credentials = header.substring(space + 1).strip();
    String key =
        switch (scheme) {
          case "bearer" -> credentials;
          case "basic" -> userOf(credentials);
          default -> throw unauthorized("Authorization must be Bearer or Basic");
        };
    return Optional.of(key).filter(text -> !text.isEmpty());
  }

  /**
   * The key that was sent, provided that it is known and has the scope.
   *
   * @throws Problem 401 when it is unknown, 403 when it lacks the scope
   */
  public Key authorize(Optional<String> sent, Scope scope) {
    String secret = sent.orElseThrow(() -> unauthorized("a key is required"));
    Key key = find(secret).orElseThrow(() -> unauthorized("the key is not known"));
    if (!key.scopes().contains(scope)) {
      throw new Problem(
          403, "Forbidden", "the key lacks the scope " + scope.name().toLowerCase(Locale.ROOT));
    }
    return key;
  }

  /** The hash by which a key is known: lower-case hex SHA-256. */
  public static String hash(String key) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private Optional<Key> find(String secret) {
    if (secret.length() > LONGEST_KEY) {
      return Optional.empty();
    }
    String hash = hash(secret);
    Instant now = clock.instant();
    Known before = known.get(hash);
    if (before != null && before.isFresh(now)) {
      return Optional.of(before.key());
    }
    Optional<Key> found = keys.find(hash);
    if (known.size() >= MOST_KNOWN) {
      known.clear();
    }
    found.ifPresentOrElse(key -> known.put(hash, new Known(key, now)), () -> known.remove(hash));
    return found;
  }

  private static String userOf(String credentials) {
    try {
      String pair = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      return colon < 0 ? pair : pair.substring(0, colon);
    } catch (IllegalArgumentException e) {
      throw unauthorized("the credentials are not proper base64");
    }
  }

  private static Problem unauthorized(String detail) {
    return new Problem(401, "Unauthorized", detail);
  }

  private record Known(Key key, Instant since) {
    boolean isFresh(Instant now) {
      return !now.isBefore(since) && now.isBefore(since.plus(FRESH));
    }
  }
}
