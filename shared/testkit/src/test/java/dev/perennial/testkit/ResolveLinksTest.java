package dev.perennial.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.identity.Evidence;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Link;
import dev.perennial.domain.identity.Link.Kind;
import dev.perennial.domain.identity.Link.Strength;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.ResolveLinks;
import dev.perennial.domain.identity.ResolveLinks.Outcome;
import dev.perennial.domain.identity.ResolveLinks.Resolution;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
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

    Resolution resolution = resolve(Set.of(ANN, BOB, TABLET), Set.of(second, first));

    assertThat(resolution.people()).isEqualTo(List.of(List.of(ANN, TABLET), List.of(BOB)));
    assertThat(resolution.outcomes())
        .isEqualTo(Map.of(first, Outcome.JOINED, second, Outcome.REFUSED_TWO_USER_IDS));
  }

  @Test
  void whatAServerSaysWeighsMoreThanWhatAClientSaidEarlier() {
    Link client = link(ANN, TABLET, Strength.CLIENT, 1);
    Link server = link(BOB, TABLET, Strength.SERVER, 2);

    Resolution resolution = resolve(Set.of(ANN, BOB, TABLET), Set.of(client, server));

    assertThat(resolution.people()).isEqualTo(List.of(List.of(ANN), List.of(BOB, TABLET)));
  }

  @Test
  void twoUserIdsDoNotMeetThroughOthersEither() {
    Set<Link> links =
        Set.of(
            link(ANN, MAIL, Strength.CLIENT, 1),
            link(MAIL, TABLET, Strength.CLIENT, 2),
            link(BOB, TABLET, Strength.CLIENT, 3));

    assertThat(resolve(Set.of(ANN, BOB, MAIL, TABLET), links).people())
        .isEqualTo(List.of(List.of(ANN, MAIL, TABLET), List.of(BOB)));
  }

  @Test
  void anExplicitMergeJoinsTwoUserIds() {
    Link merge = Link.between(BOB, ANN, Kind.MERGE, Strength.EXPLICIT, AT, "merge");

    assertThat(resolve(Set.of(ANN, BOB), Set.of(merge)).people())
        .isEqualTo(List.of(List.of(ANN, BOB)));
  }

  @Test
  void aLinkToSomebodyElseStaysRefused() {
    Link link = link(BOB, TABLET, Strength.CLIENT, 2);

    Resolution resolution = resolve(Set.of(BOB), Set.of(link));

    assertThat(resolution.people()).isEqualTo(List.of(List.of(BOB)));
    assertThat(resolution.outcomes()).containsEntry(link, Outcome.REFUSED_TWO_USER_IDS);
  }

  @Test
  void aDeviceSeenWithMoreUserIdsThanAPersonHasJoinsNobody() {
    Identifier anonymous = new Identifier(Namespace.ANONYMOUS_ID, "a");
    Set<Link> links =
        Set.of(
            link(ANN, TABLET, Strength.CLIENT, 1),
            link(BOB, TABLET, Strength.CLIENT, 2),
            link(TABLET, anonymous, Strength.CLIENT, 3));
    Evidence evidence = evidence(Set.of(ANN, BOB, TABLET, anonymous), links);

    Resolution resolution = ResolveLinks.resolve(evidence, 1);

    assertThat(resolution.shared()).containsExactly(TABLET);
    assertThat(resolution.people())
        .isEqualTo(List.of(List.of(ANN), List.of(BOB), List.of(TABLET), List.of(anonymous)));
    assertThat(resolution.outcomes().values()).containsOnly(Outcome.REFUSED_SHARED);
  }

  @Test
  void anAddressThatAServerKnowsCannotBeClaimedAway() {
    Link known = link(ANN, MAIL, Strength.SERVER, 9);
    Set<Link> links = new HashSet<>(Set.of(known));
    Set<Identifier> identifiers = new HashSet<>(Set.of(ANN, MAIL));
    for (int i = 0; i < 5; i++) {
      Identifier stranger = new Identifier(Namespace.USER_ID, "stranger" + i);
      identifiers.add(stranger);
      links.add(link(stranger, MAIL, Strength.CLIENT, i));
    }

    Resolution resolution = ResolveLinks.resolve(evidence(identifiers, links), 2);

    assertThat(resolution.shared()).isEmpty();
    assertThat(resolution.people()).contains(List.of(ANN, MAIL));

    links.remove(known);
    assertThat(ResolveLinks.resolve(evidence(identifiers, links), 2).shared())
        .containsExactly(MAIL);
  }

  @Test
  void aMergeJoinsAllOfBothPeople() {
    Link merge = Link.between(MAIL, TABLET, Kind.MERGE, Strength.EXPLICIT, AT, "merge");
    Set<Link> links =
        Set.of(link(ANN, MAIL, Strength.CLIENT, 1), link(BOB, TABLET, Strength.CLIENT, 2), merge);

    assertThat(resolve(Set.of(ANN, BOB, MAIL, TABLET), links).people())
        .isEqualTo(List.of(List.of(ANN, BOB, MAIL, TABLET)));
  }

  @Test
  void whoHasNoUserIdGoesWhereTheFirstRefusedLinkLeads() {
    Link link = link(BOB, TABLET, Strength.CLIENT, 2);

    Resolution resolution = resolve(Set.of(TABLET), Set.of(link));

    assertThat(resolution.outward()).containsExactly(link);
  }

  @Test
  void aWithdrawnLinkDoesNotCount() {
    Link link = link(ANN, TABLET, Strength.SERVER, 1);
    Evidence evidence =
        new Evidence(
            Map.of(ANN, AT, TABLET, AT),
            Set.of(link),
            Map.of(link.key(), new Evidence.Withdrawal(AT, "desk")),
            Map.of());

    Resolution resolution = ResolveLinks.resolve(evidence, 10);

    assertThat(resolution.people()).isEqualTo(List.of(List.of(ANN), List.of(TABLET)));
    assertThat(resolution.outcomes()).isEqualTo(Map.of(link, Outcome.WITHDRAWN));
  }

  private static Resolution resolve(Set<Identifier> identifiers, Set<Link> links) {
    return ResolveLinks.resolve(evidence(identifiers, links), 10);
  }

  private static Evidence evidence(Set<Identifier> identifiers, Set<Link> links) {
    Map<Identifier, Instant> seen = new HashMap<>();
    identifiers.forEach(identifier -> seen.put(identifier, AT));
    return new Evidence(seen, links, Map.of(), Map.of());
  }

  private static Link link(Identifier a, Identifier b, Strength strength, int second) {
    return Link.between(a, b, Kind.EVENT, strength, AT.plusSeconds(second), "m" + second);
  }
}
