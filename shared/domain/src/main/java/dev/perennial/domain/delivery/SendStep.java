package dev.perennial.domain.delivery;

import dev.perennial.domain.profile.Person;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One thing that whoever sends a message does next, as {@link SendProtocol} says. */
public sealed interface SendStep {

  /** Look whether the send is known. */
  record Find(int tries) implements SendStep {}

  /**
   * Look who the person is by now.
   *
   * @param known send that was found; null for none
   * @param avoided channels that did not work a moment ago
   */
  record Meet(@Nullable Send known, Set<Channel> avoided, int tries) implements SendStep {}

  /**
   * Read what a decision goes by, and decide.
   *
   * @param uncounted whether the known attempt counts toward no limit any more
   */
  record Weigh(
      @Nullable Send known,
      Set<Channel> avoided,
      int tries,
      @Nullable Person person,
      boolean uncounted)
      implements SendStep {}

  /** Count the known attempt, which nobody accepted, no more, and then decide. */
  record Uncount(Weigh next) implements SendStep {}

  /** Register a timer by which a send is looked at again on which somebody else works. */
  record Await(Send send, Instant until, SendStep next) implements SendStep {}

  /** Register the timer of a send that is about to be deferred. */
  record Register(Send send, @Nullable Send known, int tries) implements SendStep {}

  /** Store a decision that needs no claim. */
  record Store(Send send, @Nullable Send known, int tries) implements SendStep {}

  /** Claim an attempt, in one transaction with all that must still hold. */
  record Claim(
      Send send,
      @Nullable Send known,
      Fence fence,
      Message message,
      Set<Channel> avoided,
      int tries)
      implements SendStep {}

  /** Call the provider, once. */
  record Deliver(Send claimed, Message message, Set<Channel> avoided) implements SendStep {}

  /** Store how the attempt went, and then do the next thing. */
  record Settle(Send send, SendStep next) implements SendStep {}

  /** Block the address for which the provider takes nothing more. */
  record Suppress(Send refused, SendStep next) implements SendStep {}

  /** Tell that the person may be in other segments by that. */
  record Tell(SendStep next) implements SendStep {}

  /**
   * All is done.
   *
   * @param accepted false when the message is to be asked for again by the queue
   */
  record Done(boolean accepted) implements SendStep {}
}
