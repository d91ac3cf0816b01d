package dev.perennial.json;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** The ways in which clients write an instant in ISO-8601. */
final class ClientTime {

  private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");
  private static final int DATE = "2026-11-01".length();
  private static final int LONGEST = 48;

  private ClientTime() {}

  /**
   * The instant to the millisecond. A date is its first moment, a time without offset is in UTC,
   * and the offset may lack its colon. Empty when it is no instant or outside of the years 1970 to
   * 9999.
   */
  static Optional<Instant> parse(String text) {
    if (text.length() < DATE || text.length() > LONGEST) {
      return Optional.empty();
    }
    try {
      Instant instant = Instant.parse(complete(text)).truncatedTo(ChronoUnit.MILLIS);
      return instant.isBefore(Instant.EPOCH) || instant.isAfter(LATEST)
          ? Optional.empty()
          : Optional.of(instant);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static String complete(String text) {
    if (text.length() == DATE) {
      return text + "T00:00:00Z";
    }
    char last = text.charAt(text.length() - 1);
    if (last == 'Z' || last == 'z') {
      return text;
    }
    int sign = Math.max(text.lastIndexOf('+'), text.lastIndexOf('-'));
    if (sign < DATE) {
      return text + "Z";
    }
    boolean withoutColon = text.length() - sign == "+0100".length();
    return withoutColon ? text.substring(0, sign + 3) + ":" + text.substring(sign + 3) : text;
  }
}
