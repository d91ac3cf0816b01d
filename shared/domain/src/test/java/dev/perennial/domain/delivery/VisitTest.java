package dev.perennial.domain.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class VisitTest {

  private static final Instant SENT = Instant.parse("2026-03-01T10:00:00Z");

  private static Visit click(String link, long millis) {
    return new Visit(link, SENT.plusMillis(millis));
  }

  @Test
  void whatFetchesEveryLinkAtOnceIsNoPerson() {
    List<Visit> scan =
        List.of(click("a", 60_000), click("b", 60_300), click("c", 60_900), click("", 60_100));

    assertThat(Visit.first(false, scan, SENT, null)).isEmpty();
    assertThat(Visit.first(true, scan, SENT, null)).isEmpty();
  }

  @Test
  void nobodyReadsWithinASecondOfTheDelivery() {
    Instant delivered = SENT.plusSeconds(30);

    assertThat(Visit.first(false, List.of(click("a", 30_800)), SENT, delivered)).isEmpty();
    assertThat(Visit.first(false, List.of(click("a", 31_200)), SENT, delivered))
        .contains(SENT.plusMillis(31_200));
    assertThat(Visit.first(true, List.of(click("", 500), click("", 9_000)), SENT, null))
        .contains(SENT.plusMillis(9_000));
  }
}
