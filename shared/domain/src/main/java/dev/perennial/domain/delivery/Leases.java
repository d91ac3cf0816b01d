package dev.perennial.domain.delivery;

/** The store of how many messages all senders together may still hand over. */
@FunctionalInterface
public interface Leases {

  /**
   * Leases the right to hand over some messages within a window of time.
   *
   * @param limit name of what is limited
   * @param window number of the window; later ones have higher numbers
   * @param wanted at least 1
   * @param most messages in the window, over all senders
   * @return {@code wanted}, or 0 when that many are not left
   */
  int lease(String limit, long window, int wanted, int most);
}
