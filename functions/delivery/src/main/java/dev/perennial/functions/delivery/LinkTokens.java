package dev.perennial.functions.delivery;

import dev.perennial.domain.access.LinkKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The tokens in links: what they are for and about, in the clear, and 128 bits of an HMAC-SHA-256
 * that only the workspace can make. They do not end, for a wish to get no more mail must not.
 */
final class LinkTokens {

  private static final String ALGORITHM = "HmacSHA256";
  private static final int MAC_BYTES = 16;

  /** A longer token is not verified: a link must fit where browsers and gateways take it. */
  static final int LONGEST = 4 * 1024;

  private final LinkKey key;
  private byte @Nullable [] known;

  LinkTokens(LinkKey key) {
    this.key = key;
  }

  /** The token of these parts, none of which has a line break. */
  String sign(String... parts) {
    byte[] payload = String.join("\n", parts).getBytes(StandardCharsets.UTF_8);
    return encode(payload) + "." + encode(mac(payload, secret(true).orElseThrow()));
  }

  /** The parts of a token; empty when nobody here signed it. */
  Optional<List<String>> verify(String token) {
    int dot = token.indexOf('.');
    Optional<byte[]> secret = secret(false);
    if (dot < 0 || token.length() > LONGEST || secret.isEmpty()) {
      return Optional.empty();
    }
    try {
      byte[] payload = Base64.getUrlDecoder().decode(token.substring(0, dot));
      byte[] mac = Base64.getUrlDecoder().decode(token.substring(dot + 1));
      // Base64 has bits that say nothing: a token has one form.
      boolean intact = token.equals(encode(payload) + "." + encode(mac));
      return intact && MessageDigest.isEqual(mac, mac(payload, secret.get()))
          ? Optional.of(List.of(new String(payload, StandardCharsets.UTF_8).split("\n", -1)))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private synchronized Optional<byte[]> secret(boolean make) {
    if (known == null) {
      known = make ? key.findOrMake() : key.find().orElse(null);
    }
    return Optional.ofNullable(known);
  }

  private static byte[] mac(byte[] payload, byte[] secret) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret, ALGORITHM));
      return Arrays.copyOf(mac.doFinal(payload), MAC_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
