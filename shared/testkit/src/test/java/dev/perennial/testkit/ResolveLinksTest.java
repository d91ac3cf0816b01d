package dev.perennial.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Link;
import dev.perennial.domain.identity.Link.Kind;
import dev.perennial.domain.identity.Link.Strength;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.ResolveLinks;
import dev.perennial.domain.identity.ResolveLinks.Outcome;
import dev.perennial.domain.identity.ResolveLinks.Resolution;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ResolveLinksTest {

  private static final Instant AT = Instant.parse("2026-03-01T00:00:00Z");
  private static final Identifier ANN = new Identifier(Namespace.USER_ID, "ann");
  private static final Identifier BOB = new Identifier(Namespace.USER_ID, "bob");
  private static final Identifier MAIL = new Identifier(Namespace.EMAIL, "a@example.test");
  private static final Identifier TABLET = new Identifier(Namespace.DEVICE_ID, "tablet");

  @Test
  void theEarlierOfTwoUserIdsKeepsTheDevice() {
    Link first = link(ANN, TABLET, Strength.CLIENT, 1);
    Link second = link(BOB, TABLET, Strength.CLIENT, 2);

    Resolution resolution = ResolveLinks.resolve(Set.of(ANN, BOB, TABLET), Set.of(second, first));

    assertThat(resolution.people()).isEqualTo(List.of(List.of(ANN, TABLET), List.of(BOB)));
    assertThat(resolution.outcomes())
        .isEqualTo(Map.of(first, Outcome.JOINED, second, Outcome.REFUSED_TWO_USER_IDS));
  }

  @Test
  void whatAServerSaysWeighsMoreThanWhatAClientSaidEarlier() {
    Link client = link(ANN, TABLET, Strength.CLIENT, 1);
    Link server = link(BOB, TABLET, Strength.SERVER, 2);

    Resolution resolution = ResolveLinks.resolve(Set.of(ANN, BOB, TABLET), Set.of(client, server));

    assertThat(resolution.people()).isEqualTo(List.of(List.of(ANN), List.of(BOB, TABLET)));
  }

  @Test
  void twoUserIdsDoNotMeetThroughOthersEither() {
    Set<Link> links =
        Set.of(
            link(ANN, MAIL, Strength.CLIENT, 1),
            link(MAIL, TABLET, Strength.CLIENT, 2),
            link(BOB, TABLET, Strength.CLIENT, 3));

    assertThat(ResolveLinks.resolve(Set.of(ANN, BOB, MAIL, TABLET), links).people())
        .isEqualTo(List.of(List.of(ANN, MAIL, TABLET), List.of(BOB)));
  }

  @Test
  void anExplicitMergeJoinsTwoUserIds() {
    Link merge = Link.between(BOB, ANN, Kind.MERGE, Strength.EXPLICIT, AT, "merge");

    assertThat(ResolveLinks.resolve(Set.of(ANN, BOB), Set.of(merge)).people())
        .isEqualTo(List.of(List.of(ANN, BOB)));
  }

  @Test
  void aLinkToSomebodyElseStaysRefused() {
    Link link = link(BOB, TABLET, Strength.CLIENT, 2);

    Resolution resolution = ResolveLinks.resolve(Set.of(BOB), Set.of(link));

    assertThat(resolution.people()).isEqualTo(List.of(List.of(BOB)));
    assertThat(resolution.outcomes()).containsEntry(link, Outcome.REFUSED_TWO_USER_IDS);
  }

  private static Link link(Identifier a, Identifier b, Strength strength, int second) {
    return Link.between(a, b, Kind.EVENT, strength, AT.plusSeconds(second), "m" + second);
  }
}
