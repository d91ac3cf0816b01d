package dev.perennial.domain.delivery;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The store of what holds messages back. It holds at the claim: whoever pauses knows that nothing
 * is claimed any more once the call returns.
 */
public interface PauseSwitch {

  /** Where it stands now: what was asked for last. */
  Position position();

  /** Where it stands now for that send: what its claim checks. */
  Position position(String send);

  /**
   * Pauses those channels too. To be repeated when it fails: it may hold for a part of all sends.
   */
  void pause(Set<Channel> channels);

  /** Pauses those channels no more. */
  void resume(Set<Channel> channels);

  /**
   * Raises a fence, because tables were restored from a backup and do not know what went since:
   * what was to go before that instant may have gone, and is not sent. Of several fences the latest
   * stands.
   */
  void fence(Instant until);

  /**
   * What holds messages back.
   *
   * @param paused channels
   * @param fencedUntil what was to go before then may have gone before a restore; null for no fence
   */
  record Position(Set<Channel> paused, @Nullable Instant fencedUntil) {
    public Position {
      paused = Set.copyOf(paused);
    }
  }
}
