package dev.perennial.domain.delivery;

import java.util.Optional;

/** The source of content. */
public interface Contents {

  /** The newest version. */
  Optional<Content> find(String id);
}
