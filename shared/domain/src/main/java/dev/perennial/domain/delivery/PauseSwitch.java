package dev.perennial.domain.delivery;

import java.util.Set;

/**
 * The store of what is paused. It holds at the claim: whoever pauses knows that nothing is claimed
 * any more once the call returns.
 */
public interface PauseSwitch {

  /** The channels on which sending is paused now. */
  Set<Channel> paused();

  /** Pauses those too. */
  void pause(Set<Channel> channels);

  /** Pauses those no more. */
  void resume(Set<Channel> channels);
}
