package dev.perennial.domain.definition;

/** The source of the current catalog. */
public interface Catalogs {

  /** The catalog as of at most the configured freshness ago; cheap to call once per invocation. */
  Catalog current();
}
