package dev.perennial.domain.consent;

import dev.perennial.domain.consent.Consent.Decision;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.Policy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What may go to one person or one address: the latest decision per channel and topic, what went
 * lately, and whether an address is blocked.
 *
 * @param version of the stored item, counting up from 1 with each change; 0 when there is none. A
 *     send is claimed on condition that it is still the one that was decided with
 * @param counted messages of the last {@link #REMEMBERED}, oldest first
 * @param blocks of an address, at most one for each reason, so that lifting one lifts no other;
 *     always none of a person
 */
public record Permissions(
    long version, List<Consent> consents, List<Counted> counted, Set<Block> blocks) {

  public static final Permissions NONE = new Permissions(0, List.of());

  /** How long a message counts: longer than any month in any zone. */
  public static final Duration REMEMBERED = Duration.ofDays(33);

  /** Newest messages that are kept; a limit above this is none. */
  public static final int MOST_COUNTED = 500;

  /** An item must not grow with what a public key says. */
  private static final int MOST_TOPICS = 100;

  private static final Comparator<@Nullable String> WORDS =
      Comparator.nullsFirst(Comparator.naturalOrder());

  /**
   * A denial weighs more than a grant of the same instant. No two decisions weigh the same, so that
   * the order in which they become known is of no account.
   */
  private static final Comparator<Consent> BY_WEIGHT =
      Comparator.comparing(Consent::at)
          .thenComparing(Consent::decision)
          .thenComparing(Consent::basis, WORDS)
          .thenComparing(Consent::source, WORDS)
          .thenComparing(Consent::textVersion, WORDS);

  public Permissions {
    consents = List.copyOf(consents);
    counted = List.copyOf(counted);
    blocks = Set.copyOf(blocks);
  }

  /** Decisions only. */
  public Permissions(long version, List<Consent> consents) {
    this(version, consents, List.of(), Set.of());
  }

  /**
   * What a person allows who decided under several ids: the latest decision per channel and topic,
   * of two at one instant the denial; and all that was counted. It is of no version, for it is
   * stored nowhere, and has no blocks, for those are about one address.
   */
  public static Permissions fold(Collection<Permissions> all) {
    Permissions folded = NONE;
    List<Consent> byWeight =
        all.stream().flatMap(one -> one.consents().stream()).sorted(BY_WEIGHT).toList();
    for (Consent consent : byWeight) {
      folded = folded.with(consent);
    }
    Map<String, Counted> bySend = new LinkedHashMap<>();
    all.stream()
        .flatMap(one -> one.counted().stream())
        .sorted(Comparator.comparing(Counted::at))
        .forEach(one -> bySend.put(one.send(), one));
    return new Permissions(0, folded.consents(), List.copyOf(bySend.values()), Set.of());
  }

  /** What was decided last about that very topic; empty when nothing was. */
  public Optional<Decision> decision(Channel channel, String topic) {
    return consents.stream()
        .filter(consent -> consent.channel() == channel && consent.topic().equals(topic))
        .map(Consent::decision)
        .findFirst();
  }

  /**
   * What was decided last about that marketing topic or about {@link Consent#ALL}; empty when
   * nothing was.
   */
  public Optional<Decision> marketingDecision(Channel channel, String topic) {
    return consents.stream()
        .filter(consent -> consent.channel() == channel)
        .filter(consent -> consent.topic().equals(topic) || consent.topic().equals(Consent.ALL))
        .max(BY_WEIGHT)
        .map(Consent::decision);
  }

  /**
   * These permissions after that decision; the same object when one that counts more is known
   * already: a later one, or of the same instant a denial, in whichever order they come. Who
   * decided about more than {@value #MOST_TOPICS} topics of a channel objects to all with the next
   * objection, and agrees to no more.
   */
  public Permissions with(Consent decided) {
    Consent consent = isTooMany(decided) ? decided.aboutAll() : decided;
    boolean stale =
        consents.stream()
            .anyMatch(
                known -> sameSubject(known, consent) && BY_WEIGHT.compare(known, consent) >= 0);
    if (stale || (!consent.equals(decided) && consent.decision() == Decision.GRANTED)) {
      return this;
    }
    List<Consent> next =
        new ArrayList<>(consents.stream().filter(known -> !sameSubject(known, consent)).toList());
    next.add(consent);
    return new Permissions(version, next, counted, blocks);
  }

  /**
   * The decision as made after all that was decided otherwise: on a standing clock, too, what is
   * decided last counts.
   */
  public Consent last(Consent decided) {
    return consents.stream()
        .filter(known -> known.channel() == decided.channel())
        .filter(known -> known.decision() != decided.decision())
        .filter(known -> concernsSame(known.topic(), decided.topic()))
        .map(Consent::at)
        .filter(at -> !at.isBefore(decided.at()))
        .max(Comparator.naturalOrder())
        .map(at -> decided.decidedAt(at.plusMillis(1)))
        .orElse(decided);
  }

  private static boolean concernsSame(String one, String other) {
    return one.equals(other) || one.equals(Consent.ALL) || other.equals(Consent.ALL);
  }

  private boolean isTooMany(Consent decided) {
    return consents.stream().noneMatch(known -> sameSubject(known, decided))
        && !decided.topic().equals(Consent.ALL)
        && consents.stream().filter(known -> known.channel() == decided.channel()).count()
            >= MOST_TOPICS;
  }

  /** The block that weighs most; null when the address is not blocked. */
  public @Nullable Block block() {
    return blocks.stream().max(Comparator.comparing(Block::reason)).orElse(null);
  }

  /** These permissions with that block too; of several for one reason the earliest stays. */
  public Permissions with(Block block) {
    boolean known =
        blocks.stream()
            .anyMatch(one -> one.reason() == block.reason() && !block.at().isBefore(one.at()));
    Set<Block> next = new HashSet<>(without(Set.of(block.reason())).blocks());
    next.add(block);
    return known ? this : new Permissions(version, consents, counted, next);
  }

  /** These permissions with the address blocked for none of these reasons. */
  public Permissions without(Set<Block.Reason> reasons) {
    Set<Block> next = new HashSet<>(blocks);
    next.removeIf(block -> reasons.contains(block.reason()));
    return new Permissions(version, consents, counted, next);
  }

  /**
   * These permissions once that message was claimed; what is too old to count is left out: of
   * messages that only {@link Policy#perAddressPerDay} minds, what is older than a day.
   */
  public Permissions counting(Counted message) {
    List<Counted> next = new ArrayList<>();
    for (Counted known : counted) {
      Instant oldest = message.at().minus(known.marketing() ? REMEMBERED : Policy.DAY);
      if (known.at().isAfter(oldest) && !known.send().equals(message.send())) {
        next.add(known);
      }
    }
    next.add(message);
    int surplus = Math.max(0, next.size() - MOST_COUNTED);
    return new Permissions(version, consents, next.subList(surplus, next.size()), blocks);
  }

  /** These permissions as if that send had not been counted until that instant. */
  public Permissions without(String send, Instant until) {
    return isCounted(send, until)
        ? new Permissions(
            version,
            consents,
            counted.stream().filter(one -> !one.send().equals(send)).toList(),
            blocks)
        : this;
  }

  /** Whether that send was counted, until that instant. */
  public boolean isCounted(String send, Instant until) {
    return counted.stream().anyMatch(one -> one.send().equals(send) && !one.at().isAfter(until));
  }

  /**
   * What is left of these permissions when whoever they are of is forgotten: that somebody there
   * wants no messages, and nothing of why, or that the address is no good.
   */
  public Permissions outliving() {
    List<Consent> denials =
        consents.stream()
            .filter(consent -> consent.decision() == Decision.DENIED)
            .map(
                denial ->
                    new Consent(
                        denial.channel(),
                        denial.topic(),
                        denial.decision(),
                        denial.at(),
                        null,
                        null))
            .toList();
    return new Permissions(version, denials, List.of(), blocks);
  }

  /** Whether they say nothing. */
  public boolean isEmpty() {
    return consents.isEmpty() && counted.isEmpty() && blocks.isEmpty();
  }

  /** These permissions as the store has them after one more write. */
  public Permissions stored() {
    return new Permissions(version + 1, consents, counted, blocks);
  }

  private static boolean sameSubject(Consent one, Consent other) {
    return one.channel() == other.channel() && one.topic().equals(other.topic());
  }
}
