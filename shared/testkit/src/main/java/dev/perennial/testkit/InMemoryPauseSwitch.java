package dev.perennial.testkit;

import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.PauseSwitch;
import java.util.EnumSet;
import java.util.Set;

/** The pause switch of a test. */
public final class InMemoryPauseSwitch implements PauseSwitch {

  private final Set<Channel> paused = EnumSet.noneOf(Channel.class);

  @Override
  public synchronized Set<Channel> paused() {
    return Set.copyOf(paused);
  }

  @Override
  public synchronized void pause(Set<Channel> channels) {
    paused.addAll(channels);
  }

  @Override
  public synchronized void resume(Set<Channel> channels) {
    paused.removeAll(channels);
  }
}
