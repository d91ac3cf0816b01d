package dev.perennial.domain.delivery;

import dev.perennial.domain.delivery.Send.State;
import dev.perennial.domain.delivery.SendWorld.Timer;
import dev.perennial.domain.timer.Due;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What became of a message to which nothing more happens, but for timers. */
record SendEnding(SendWorld world, int request) {

  /** What is wrong with it; null when nothing is. */
  @Nullable String flaw() {
    Send send = world.sends().get(world.id(request));
    if (send == null) {
      return "lost without a trace";
    }
    boolean went = world.went(send.id());
    boolean awaited = isAwaited(request);
    boolean proven = world.news().getOrDefault(send.id(), 0) == SendWorld.ALL_NEWS;
    if (proven && send.state() != State.SENT) {
      return "known to have arrived, and not said to be sent";
    }
    if (world.untold().contains(request) && !awaited) {
      return "blocked, and nobody was told";
    }
    if (isDuplicateOfNothing(send)) {
      return "said to be a duplicate, and nobody got it";
    }
    String stated = stated(send, went, awaited);
    return stated == null ? counting(send, went) : stated;
  }

  private @Nullable String stated(Send send, boolean went, boolean awaited) {
    return switch (send.state()) {
      case SENT -> went ? null : "said to be sent, and was not";
      case UNKNOWN ->
          send.request().atLeastOnce() && send.attempts() < SendWorld.MOST_ACCEPTED && !awaited
              ? "not sent again"
              : null;
      case DEFERRED ->
          isRegistered(send)
              ? isHeldInVain(send) ? "waits for one that is not tried again" : null
              : "deferred for ever";
      case NOT_SENT, REFUSED -> went ? "said not to be sent, and was" : null;
      case CLAIMED, RETRYABLE -> awaited ? null : "left in the midst: " + send.state();
    };
  }

  private @Nullable String counting(Send send, boolean went) {
    boolean counted =
        world.permissions().values().stream()
            .flatMap(one -> one.counted().stream())
            .anyMatch(one -> one.send().equals(send.id()));
    boolean over =
        switch (send.state()) {
          case SENT, UNKNOWN, CLAIMED, RETRYABLE -> false;
          case DEFERRED, NOT_SENT, REFUSED -> !send.doubtful();
        };
    if (over && counted) {
      return "counts, and nobody accepted it";
    }
    return went && !counted ? "went, and does not count" : null;
  }

  /** Whether it was declined for another that neither went nor is in doubt. */
  private boolean isDuplicateOfNothing(Send send) {
    return send.state() == State.NOT_SENT
        && send.findings().getLast().rule() == Finding.Rule.DUPLICATE
        && world.accepted().isEmpty()
        && world.sends().values().stream().noneMatch(one -> one.keeps(SendScenario.EMAIL));
  }

  /** Whether another send holds its address to which nothing more happens. */
  private boolean isHeldInVain(Send send) {
    Send holder = world.sends().get(world.claims().getOrDefault(SendScenario.EMAIL, send.id()));
    return send.findings().getLast().rule() == Finding.Rule.DUPLICATE
        && holder != null
        && (holder.state() == State.CLAIMED || holder.state() == State.RETRYABLE)
        && !isAwaited(world.scenario().request(holder));
  }

  private boolean isAwaited(int which) {
    return Stream.concat(world.timers().stream(), world.woken().stream())
        .anyMatch(timer -> timer.request() == which);
  }

  private boolean isRegistered(Send send) {
    return send.due() != null
        && world.timers().contains(new Timer(request, Due.wholeMinute(send.due())));
  }
}
