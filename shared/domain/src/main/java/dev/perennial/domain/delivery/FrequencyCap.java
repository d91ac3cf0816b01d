package dev.perennial.domain.delivery;

import dev.perennial.domain.consent.Counted;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.temporal.IsoFields;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many marketing messages a person may get in a day, week or month of their calendar.
 *
 * @param channel that it is about; null for all together
 * @param topic that it is about; null for all together
 * @param most 0 to {@link dev.perennial.domain.consent.Permissions#MOST_COUNTED}; 0 means none at
 *     all
 */
public record FrequencyCap(
    @Nullable Channel channel, @Nullable String topic, Period per, int most) {

  /** A period of the calendar, in the recipient's zone. */
  public enum Period {
    DAY,
    /** From Monday. */
    WEEK,
    MONTH;

    private boolean isSame(LocalDate one, LocalDate other) {
      return switch (this) {
        case DAY -> one.equals(other);
        case WEEK ->
            one.get(IsoFields.WEEK_BASED_YEAR) == other.get(IsoFields.WEEK_BASED_YEAR)
                && one.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR)
                    == other.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
        case MONTH -> YearMonth.from(one).equals(YearMonth.from(other));
      };
    }
  }

  /** Whether it has a say in a message of that channel and topic. */
  public boolean concerns(Channel sent, String about) {
    return (channel == null || channel == sent) && (topic == null || topic.equals(about));
  }

  /**
   * How many messages of the running period it counts.
   *
   * @param except id of the send that asks: it does not stand in its own way
   */
  public long used(List<Counted> counted, String except, Instant now, ZoneId zone) {
    LocalDate today = now.atZone(zone).toLocalDate();
    return counted.stream()
        .filter(one -> one.marketing() && concerns(one.channel(), one.topic()))
        .filter(one -> !one.send().equals(except))
        .filter(one -> per.isSame(one.at().atZone(zone).toLocalDate(), today))
        .count();
  }
}
