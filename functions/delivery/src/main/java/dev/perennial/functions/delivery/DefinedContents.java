package dev.perennial.functions.delivery;

import dev.perennial.domain.definition.Compiled;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.definition.Definitions;
import dev.perennial.domain.delivery.Content;
import dev.perennial.domain.delivery.Contents;
import dev.perennial.json.ContentCodec;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The content of the store of definitions, kept while no definition changes. */
final class DefinedContents implements Contents {

  private final Definitions definitions;
  private final Compiled<Map<String, Optional<Content>>> kept;

  DefinedContents(Definitions definitions, Duration freshFor) {
    this.definitions = definitions;
    this.kept = new Compiled<>(definitions, freshFor, _ -> new ConcurrentHashMap<>());
  }

  @Override
  public Optional<Content> find(String id) {
    return kept.get()
        .computeIfAbsent(
            id,
            _ ->
                definitions
                    .find(Kind.CONTENT, id)
                    .map(
                        definition ->
                            ContentCodec.read(
                                definition.id(), definition.version(), definition.document())));
  }
}
