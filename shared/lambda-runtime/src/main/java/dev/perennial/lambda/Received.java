package dev.perennial.lambda;

/**
 * A message, or a part of one, as received from a queue.
 *
 * @param id to name it by when it failed
 * @param queue name of the queue it came from, for example {@code perennial-events}
 */
public record Received<T>(String id, String queue, T body) {}
