package dev.perennial.domain.delivery;

/** The source of the workspace's policy. */
public interface Policies {

  /** The policy as of at most the configured freshness ago. */
  Policy current();
}
