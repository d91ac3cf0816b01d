package dev.perennial.functions.delivery;

import dev.perennial.domain.access.LinkKey;
import dev.perennial.domain.webhook.Webhook;
import dev.perennial.domain.webhook.Webhook.Salt;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The secrets of webhooks and what they sign. A secret follows from the workspace's key and the
 * webhook's salt, and is stored nowhere.
 *
 * @see <a
 *     href="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md">Standard
 *     Webhooks</a>
 */
final class WebhookSecrets {

  private static final String ALGORITHM = "HmacSHA256";

  private final LinkKey key;
  private byte @Nullable [] known;

  WebhookSecrets(LinkKey key) {
    this.key = key;
  }

  /** Makes sure that there is a key: whoever delivers may only read it. */
  synchronized byte[] key() {
    if (known == null) {
      known = key.findOrMake();
    }
    return known;
  }

  /** The secret as receivers keep it: {@code whsec_} and 32 bytes in base64. */
  String secret(String webhook, Salt salt) {
    return "whsec_" + Base64.getEncoder().encodeToString(bytes(webhook, salt));
  }

  /**
   * The value of {@code webhook-signature}: {@code v1,} and the signature in base64, one for each
   * secret that signs at that time.
   */
  String sign(Webhook webhook, String id, Instant at, String body) {
    return webhook.salts(at).stream()
        .map(salt -> signature(bytes(webhook.id(), salt), id, at, body))
        .collect(Collectors.joining(" "));
  }

  static String signature(byte[] secret, String id, Instant at, String body) {
    String signed = id + "." + at.getEpochSecond() + "." + body;
    return "v1,"
        + Base64.getEncoder().encodeToString(mac(secret, signed.getBytes(StandardCharsets.UTF_8)));
  }

  private byte[] bytes(String webhook, Salt salt) {
    String name = "webhook\n" + webhook + "\n" + salt.text();
    return mac(key(), name.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] mac(byte[] secret, byte[] text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret, ALGORITHM));
      return mac.doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }
}
