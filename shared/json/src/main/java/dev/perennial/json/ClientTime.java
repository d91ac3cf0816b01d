package dev.perennial.json;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The ways in which clients write an instant in ISO-8601. */
final class ClientTime {

  private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");
  private static final int LONGEST = 48;

  private static final Pattern FORM =
      Pattern.compile(
          "(?<date>\\d{4}-\\d{2}-\\d{2})"
              + "(?:[Tt ](?<minute>\\d{2}:\\d{2})(?<second>:\\d{2}(?:\\.\\d+)?)?"
              + "(?:[Zz]|(?<hours>[+-]\\d{2})(?::?(?<minutes>\\d{2}))?)?)?");

  private ClientTime() {}

  /**
   * The instant to the millisecond. A date is its first moment, a time without offset is in UTC,
   * seconds may be absent, a blank may stand for the T, and the offset may lack its colon or its
   * minutes. Empty when it is no instant or outside of the years 1970 to 9999.
   */
  static Optional<Instant> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (text.length() > LONGEST || !form.matches()) {
      return Optional.empty();
    }
    try {
      Instant instant = Instant.parse(complete(form)).truncatedTo(ChronoUnit.MILLIS);
      return instant.isBefore(Instant.EPOCH) || instant.isAfter(LATEST)
          ? Optional.empty()
          : Optional.of(instant);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static String complete(Matcher form) {
    String offset =
        form.group("hours") == null ? "Z" : form.group("hours") + ":" + part(form, "minutes", "00");
    return form.group("date")
        + "T"
        + part(form, "minute", "00:00")
        + part(form, "second", ":00")
        + offset;
  }

  private static String part(Matcher form, String name, String otherwise) {
    String part = form.group(name);
    return part == null ? otherwise : part;
  }
}
