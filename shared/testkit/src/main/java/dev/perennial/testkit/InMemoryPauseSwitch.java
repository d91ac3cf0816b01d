package dev.perennial.testkit;

import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.PauseSwitch;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The pause switch of a test. */
public final class InMemoryPauseSwitch implements PauseSwitch {

  private final Set<Channel> paused = EnumSet.noneOf(Channel.class);
  private @Nullable Instant fencedUntil;

  @Override
  public synchronized Position position() {
    return new Position(paused, fencedUntil);
  }

  @Override
  public Position position(String send) {
    return position();
  }

  @Override
  public synchronized void pause(Set<Channel> channels) {
    paused.addAll(channels);
  }

  @Override
  public synchronized void resume(Set<Channel> channels) {
    paused.removeAll(channels);
  }

  @Override
  public synchronized void fence(Instant until) {
    fencedUntil = fencedUntil != null && fencedUntil.isAfter(until) ? fencedUntil : until;
  }
}
