package dev.perennial.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.Page;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.segment.Members;
import dev.perennial.domain.segment.Members.Member;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Transition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every member index does. */
public interface MembersContract {

  Instant AT = Instant.parse("2026-03-01T10:00:00Z");
  PersonId ANN = new PersonId("ann");
  PersonId BOB = new PersonId("bob");
  SegmentId VIP = new SegmentId("vip");
  SegmentId NEW = new SegmentId("new");

  /** An empty index. */
  Members members();

  private static Transition transition(PersonId person, SegmentId segment, long number) {
    return new Transition(person, segment, number, AT.plusSeconds(number), Cause.EVENT);
  }

  private static List<Member> all(Members members, SegmentId segment) {
    return members.list(segment, 200, null).items();
  }

  @Test
  default void followsTransitions() {
    Members members = members();

    members.apply(
        List.of(transition(ANN, VIP, 1), transition(BOB, VIP, 1), transition(ANN, NEW, 1)));
    members.apply(List.of(transition(ANN, VIP, 2)));

    assertThat(all(members, VIP)).containsExactly(new Member(BOB, AT.plusSeconds(1)));
    assertThat(members.size(VIP)).isEqualTo(1);
    assertThat(all(members, NEW)).extracting(Member::person).containsExactly(ANN);
    assertThat(members.size(NEW)).isEqualTo(1);
    assertThat(members.sizes(List.of(VIP, NEW, new SegmentId("nobody"))))
        .isEqualTo(Map.of(VIP, 1L, NEW, 1L, new SegmentId("nobody"), 0L));
  }

  @Test
  default void ignoresRepeatsHoweverLate() {
    Members members = members();

    members.apply(List.of(transition(ANN, VIP, 1), transition(ANN, VIP, 2)));
    members.apply(List.of(transition(ANN, VIP, 1)));
    members.apply(List.of(transition(ANN, VIP, 1), transition(ANN, VIP, 2)));

    assertThat(members.size(VIP)).isZero();
    assertThat(all(members, VIP)).isEmpty();
  }

  @Test
  default void followsATransitionWhosePredecessorItNeverSaw() {
    Members members = members();

    members.apply(List.of(transition(ANN, VIP, 3)));
    members.apply(List.of(transition(BOB, VIP, 2)));
    members.apply(List.of(transition(ANN, VIP, 5)));

    assertThat(members.size(VIP)).isEqualTo(1);
    assertThat(all(members, VIP)).containsExactly(new Member(ANN, AT.plusSeconds(5)));
  }

  @Test
  default void pagesThroughAllMembersOnce() {
    Members members = members();
    List<PersonId> people = IntStream.range(0, 25).mapToObj(i -> new PersonId("p" + i)).toList();
    people.forEach(person -> members.apply(List.of(transition(person, VIP, 1))));

    List<PersonId> listed = new ArrayList<>();
    int pages = 0;
    String cursor = null;
    do {
      Page<Member> page = members.list(VIP, 10, cursor);
      page.items().forEach(member -> listed.add(member.person()));
      cursor = page.cursor();
      pages++;
    } while (cursor != null);

    assertThat(pages).isEqualTo(3);
    assertThat(listed).containsExactlyInAnyOrderElementsOf(people);
    assertThat(members.size(VIP)).isEqualTo(25);
    assertThat(members.list(VIP, 25, null).cursor()).isNull();
  }

  @Test
  default void whoStaysIsListedOnceWhileOthersComeAndGo() {
    Members members = members();
    List<PersonId> people = IntStream.range(0, 30).mapToObj(i -> new PersonId("q" + i)).toList();
    people.forEach(person -> members.apply(List.of(transition(person, VIP, 1))));
    List<PersonId> stay = people.subList(10, 20);

    List<PersonId> listed = new ArrayList<>();
    Page<Member> page = members.list(VIP, 4, null);
    for (int change = 0; change < 10; change++) {
      page.items().forEach(member -> listed.add(member.person()));
      members.apply(
          List.of(
              transition(people.get(change), VIP, 2),
              transition(new PersonId("r" + change), VIP, 1)));
      if (page.cursor() == null) {
        break;
      }
      page = members.list(VIP, 4, page.cursor());
    }

    assertThat(listed).doesNotHaveDuplicates().containsAll(stay);
    assertThat(members.size(VIP)).isEqualTo(30);
  }

  @Test
  default void whoWasForgottenComesAsTheFirstTime() {
    Members members = members();
    members.apply(List.of(transition(ANN, VIP, 1), transition(ANN, VIP, 2)));

    members.forget(ANN, VIP);
    members.forget(ANN, NEW);
    members.apply(List.of(transition(ANN, VIP, 1)));

    assertThat(all(members, VIP)).extracting(Member::person).containsExactly(ANN);
    assertThat(members.size(VIP)).isEqualTo(1);
  }

  @Test
  default void onlyWhoStandsWhereTheyWereSaidToIsForgotten() {
    Members members = members();
    members.apply(List.of(transition(ANN, VIP, 1), transition(ANN, VIP, 2)));
    members.apply(List.of(transition(ANN, VIP, 3)));

    members.forget(ANN, VIP, 2);
    members.forget(ANN, NEW, 2);
    members.apply(List.of(transition(ANN, VIP, 1), transition(ANN, VIP, 2)));
    assertThat(members.size(VIP)).isEqualTo(1);

    members.apply(List.of(transition(ANN, VIP, 4)));
    members.forget(ANN, VIP, 4);
    members.apply(List.of(transition(ANN, VIP, 1L << 32 | 1)));
    assertThat(all(members, VIP)).extracting(Member::person).containsExactly(ANN);
    assertThat(members.size(VIP)).isEqualTo(1);
  }
}
