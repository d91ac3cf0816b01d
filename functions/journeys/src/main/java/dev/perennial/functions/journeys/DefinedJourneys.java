package dev.perennial.functions.journeys;

import dev.perennial.domain.definition.Compiled;
import dev.perennial.domain.definition.Definition;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.definition.Definitions;
import dev.perennial.domain.journey.Journey;
import dev.perennial.domain.journey.Journeys;
import dev.perennial.json.JourneyCodec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The journeys of the store of definitions, kept while no definition changes. */
final class DefinedJourneys implements Journeys {

  private final Definitions definitions;
  private final Compiled<Kept> kept;

  /** What is known until something changes. */
  private record Kept(List<Launched> launched, Map<Version, Optional<Launched>> versions) {}

  private record Version(String id, int number) {}

  DefinedJourneys(Definitions definitions, Duration freshFor) {
    this.definitions = definitions;
    this.kept = new Compiled<>(definitions, freshFor, (from, _) -> read(from));
  }

  @Override
  public List<Launched> launched() {
    return kept.get().launched();
  }

  @Override
  public Optional<Launched> find(String id, int version) {
    return kept.get()
        .versions()
        .computeIfAbsent(
            new Version(id, version),
            _ -> definitions.find(Kind.JOURNEY, id, version).map(DefinedJourneys::launched));
  }

  private static Kept read(Definitions definitions) {
    List<Launched> launched =
        definitions.list(Kind.JOURNEY).stream()
            .filter(definition -> definition.launched() > 0)
            .flatMap(
                definition ->
                    definitions
                        .find(Kind.JOURNEY, definition.id(), definition.launched())
                        .map(DefinedJourneys::launched)
                        .filter(running -> running.standing() != Standing.STOPPED)
                        .stream())
            .toList();
    return new Kept(launched, new ConcurrentHashMap<>());
  }

  private static Launched launched(Definition definition) {
    Journey journey =
        JourneyCodec.read(definition.id(), definition.version(), definition.document());
    return new Launched(journey, JourneyStatus.standing(definition.status()));
  }
}
