package dev.perennial.domain.consent;

import dev.perennial.domain.consent.Consent.Decision;
import dev.perennial.domain.delivery.Channel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What one person allows: the latest decision per channel and topic.
 *
 * @param version of the stored item, counting up from 1 with each change; 0 when there is none. A
 *     send is claimed on condition that it is still the one that was decided with
 */
public record Permissions(long version, List<Consent> consents) {

  public static final Permissions NONE = new Permissions(0, List.of());

  /** A denial weighs more than a grant of the same instant. */
  private static final Comparator<Consent> BY_WEIGHT =
      Comparator.comparing(Consent::at).thenComparing(Consent::decision);

  public Permissions {
    consents = List.copyOf(consents);
  }

  /**
   * What a person allows who decided under several ids: the latest decision per channel and topic,
   * of two at one instant the denial. It is of no version, for it is stored nowhere.
   */
  public static Permissions fold(Collection<Permissions> all) {
    Permissions folded = NONE;
    List<Consent> byWeight =
        all.stream().flatMap(one -> one.consents().stream()).sorted(BY_WEIGHT).toList();
    for (Consent consent : byWeight) {
      folded = folded.with(consent);
    }
    return folded;
  }

  /** What was decided last; empty when nothing was. */
  public Optional<Decision> decision(Channel channel, String topic) {
    return consents.stream()
        .filter(consent -> consent.channel() == channel && consent.topic().equals(topic))
        .map(Consent::decision)
        .findFirst();
  }

  /**
   * Whether a message may go: by what was decided, and when nothing was, on every channel but SMS.
   */
  public boolean allow(Channel channel, String topic) {
    return decision(channel, topic)
        .map(decision -> decision == Decision.GRANTED)
        .orElse(channel != Channel.SMS);
  }

  /** These permissions after that decision; the same object when a later one is known already. */
  public Permissions with(Consent consent) {
    boolean stale =
        consents.stream()
            .anyMatch(known -> sameSubject(known, consent) && known.at().isAfter(consent.at()));
    if (stale || consents.contains(consent)) {
      return this;
    }
    List<Consent> next =
        new ArrayList<>(consents.stream().filter(known -> !sameSubject(known, consent)).toList());
    next.add(consent);
    return new Permissions(version, next);
  }

  private static boolean sameSubject(Consent one, Consent other) {
    return one.channel() == other.channel() && one.topic().equals(other.topic());
  }
}
