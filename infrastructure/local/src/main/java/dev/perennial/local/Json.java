package dev.perennial.local;

import tools.jackson.databind.json.JsonMapper;

/** The one JSON mapper of the local platform. */
public final class Json {

  /** Reads and writes trees; immutable. */
  public static final JsonMapper JSON = JsonMapper.shared();

  private Json() {}
}
