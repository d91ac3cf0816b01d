package dev.perennial.functions.delivery;

import dev.perennial.domain.definition.Compiled;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.definition.Definitions;
import dev.perennial.domain.delivery.Content;
import dev.perennial.domain.delivery.Contents;
import dev.perennial.domain.delivery.Policies;
import dev.perennial.domain.delivery.Policy;
import dev.perennial.json.ContentCodec;
import dev.perennial.json.PolicyCodec;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The content and the settings of the store of definitions, kept while no definition changes. */
final class DefinedSending implements Contents, Policies {

  /** Id of the one definition that holds the settings. */
  static final String SETTINGS = "workspace";

  private final Definitions definitions;
  private final Compiled<Kept> kept;

  private record Kept(Policy policy, Map<String, Optional<Content>> contents) {}

  DefinedSending(Definitions definitions, Duration freshFor) {
    this.definitions = definitions;
    this.kept =
        new Compiled<>(
            definitions, freshFor, (from, _) -> new Kept(policy(from), new ConcurrentHashMap<>()));
  }

  /** The policy that the settings say, or that is shipped. */
  static Policy policy(Definitions definitions) {
    return definitions
        .find(Kind.SETTINGS, SETTINGS)
        .map(settings -> PolicyCodec.read(settings.document()))
        .orElse(Policy.SHIPPED);
  }

  @Override
  public Policy current() {
    return kept.get().policy();
  }

  @Override
  public Optional<Content> find(String id) {
    return kept.get()
        .contents()
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
