package dev.perennial.domain.delivery;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What people answer to text messages in order to end or to resume them. */
public enum ReplyWord {
  STOP,
  START;

  private static final Map<String, ReplyWord> WORDS =
      Map.ofEntries(
          Map.entry("STOP", STOP),
          Map.entry("STOPP", STOP),
          Map.entry("STOPALL", STOP),
          Map.entry("UNSUBSCRIBE", STOP),
          Map.entry("CANCEL", STOP),
          Map.entry("END", STOP),
          Map.entry("QUIT", STOP),
          Map.entry("REVOKE", STOP),
          Map.entry("OPTOUT", STOP),
          Map.entry("ARRET", STOP),
          Map.entry("ALTO", STOP),
          Map.entry("PARAR", STOP),
          Map.entry("T", STOP),
          Map.entry("TD", STOP),
          Map.entry("退订", STOP),
          Map.entry("退訂", STOP),
          Map.entry("拒收", STOP),
          Map.entry("START", START),
          Map.entry("UNSTOP", START),
          Map.entry("订阅", START),
          Map.entry("訂閱", START));

  /**
   * The word that a reply consists of, whatever its case and punctuation, in wide letters of East
   * Asian keyboards too.
   */
  public static Optional<ReplyWord> of(String reply) {
    String plain = Normalizer.normalize(reply, Normalizer.Form.NFKC);
    String bare = plain.replaceAll("[\\p{P}\\p{S}\\s]+", "").toUpperCase(Locale.ROOT);
    return Optional.ofNullable(WORDS.get(bare));
  }
}
