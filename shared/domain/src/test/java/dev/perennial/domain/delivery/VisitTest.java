package dev.perennial.domain.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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

  private static Send visited(List<Visit> visits) {
    Send send =
        new Send(
            "a",
            SendScenario.HELD.requests().getFirst(),
            SENT,
            Send.State.CLAIMED,
            1,
            null,
            Set.of(),
            List.of(),
            null,
            null,
            null);
    for (Visit visit : visits) {
      send = send.with(visit);
      assertThat(send.visits().size()).isLessThanOrEqualTo(Visit.MOST + 1);
    }
    return send;
  }

  @Test
  void whatAPersonDidFirstIsKnownAmongAnyNumberOfFetches() {
    List<Visit> all = new ArrayList<>();
    for (int scan = 1; scan <= 5; scan++) {
      for (int i = 0; i < 120; i++) {
        all.add(click("l" + i, 60_000L * scan + 20L * i));
      }
      assertThat(visited(all).clicked()).isEmpty();
    }
    all.add(click("l7", 400_000));
    all.add(click("", 410_000));
    for (int i = 0; i < 120; i++) {
      all.add(click("", 420_000 + 5_000L * i));
      all.add(click("l" + i, 1_200_000 + 20L * i));
    }
    Send send = visited(all);

    assertThat(send.clicked()).contains(SENT.plusMillis(400_000));
    assertThat(send.opened()).contains(SENT.plusMillis(410_000));
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
