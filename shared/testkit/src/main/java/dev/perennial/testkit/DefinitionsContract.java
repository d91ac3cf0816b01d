package dev.perennial.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.definition.Definition;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.definition.Definitions;
import dev.perennial.domain.definition.Definitions.Next;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every store of definitions does. */
public interface DefinitionsContract {

  Instant AT = Instant.parse("2026-03-01T10:00:00Z");

  /** An empty store. */
  Definitions definitions();

  private static Fields document(String name) {
    return new Fields(
        Map.of("name", new Value.Text(name), "where", new Fields(Map.of("n", Value.Num.of(1)))));
  }

  @Test
  default void findsWhatWasPut() {
    Definitions definitions = definitions();

    Definition put = definitions.put(Kind.SEGMENT, "a", document("A"), "ready", AT);

    assertThat(put).isEqualTo(new Definition(Kind.SEGMENT, "a", 1, "ready", document("A"), AT));
    assertThat(definitions.find(Kind.SEGMENT, "a")).contains(put);
    assertThat(definitions.find(Kind.CONTENT, "a")).isEmpty();
  }

  @Test
  default void keepsEveryVersion() {
    Definitions definitions = definitions();

    definitions.put(Kind.CONTENT, "a", document("one"), "ready", AT);
    definitions.put(Kind.CONTENT, "a", document("two"), "ready", AT.plusSeconds(1));

    assertThat(definitions.find(Kind.CONTENT, "a").orElseThrow().version()).isEqualTo(2);
    assertThat(definitions.find(Kind.CONTENT, "a", 1).orElseThrow().document())
        .isEqualTo(document("one"));
    assertThat(definitions.find(Kind.CONTENT, "a", 3)).isEmpty();
  }

  @Test
  default void whoPutsMeanwhileIsNotOverlooked() {
    Definitions definitions = definitions();
    definitions.put(Kind.WEBHOOK, "a", document("1"), "live", AT);
    List<Integer> seen = new ArrayList<>();

    Optional<Definition> next =
        definitions.put(
            Kind.WEBHOOK,
            "a",
            before -> {
              int version = before.orElseThrow().version();
              if (seen.isEmpty()) {
                definitions.put(Kind.WEBHOOK, "a", document("2"), "live", AT);
              }
              seen.add(version);
              Fields after = document("after " + before.orElseThrow().document().text("name"));
              return Optional.of(new Next(after, "live", AT));
            });

    assertThat(next.orElseThrow().document()).isEqualTo(document("after 2"));
    assertThat(next.orElseThrow().version()).isEqualTo(3);
    definitions.delete(Kind.WEBHOOK, "a");
    assertThat(
            definitions
                .put(
                    Kind.WEBHOOK,
                    "a",
                    before ->
                        Optional.of(
                            new Next(document(before.isPresent() ? "b" : "anew"), "live", AT)))
                .orElseThrow()
                .document())
        .isEqualTo(document("anew"));
  }

  @Test
  default void aVersionIsMadeOfWhatHoldsThenOrNotAtAll() {
    Definitions definitions = definitions();
    definitions.put(Kind.SEGMENT, "a", document("1"), "ready", AT);
    List<String> seen = new ArrayList<>();

    Optional<Definition> next =
        definitions.put(
            Kind.SEGMENT,
            "a",
            newest -> {
              seen.add(newest.orElseThrow().status());
              if (seen.size() == 1) {
                definitions.changeStatus(Kind.SEGMENT, "a", "ready", "editing");
              }
              return newest.map(
                  known -> new Next(document("2"), known.status(), known.at().plusSeconds(1)));
            });

    assertThat(seen).containsExactly("ready", "editing");
    assertThat(next).isEqualTo(definitions.find(Kind.SEGMENT, "a"));
    assertThat(next.orElseThrow().status()).isEqualTo("editing");
    assertThat(next.orElseThrow().at()).isEqualTo(AT.plusSeconds(1));
    long version = definitions.latestCatalogVersion();
    assertThat(definitions.put(Kind.SEGMENT, "a", _ -> Optional.empty())).isEqualTo(next);
    assertThat(definitions.latestCatalogVersion()).isEqualTo(version);

    Optional<Definition> deleted =
        definitions.put(
            Kind.SEGMENT,
            "a",
            newest -> {
              definitions.delete(Kind.SEGMENT, "a");
              return newest.map(known -> new Next(document("3"), known.status(), AT));
            });
    assertThat(deleted).isEmpty();
    assertThat(definitions.find(Kind.SEGMENT, "a")).isEmpty();
  }

  @Test
  default void aPutKeepsTheStatusesThatItIsToldTo() {
    Definitions definitions = definitions();
    Set<String> kept = Set.of("live", "paused");

    assertThat(definitions.put(Kind.JOURNEY, "a", document("1"), "draft", kept, AT).status())
        .isEqualTo("draft");
    definitions.changeStatus(Kind.JOURNEY, "a", "draft", "paused");
    assertThat(definitions.put(Kind.JOURNEY, "a", document("2"), "draft", kept, AT).status())
        .isEqualTo("paused");
    definitions.changeStatus(Kind.JOURNEY, "a", "paused", "stopped");
    assertThat(definitions.put(Kind.JOURNEY, "a", document("3"), "draft", kept, AT).status())
        .isEqualTo("draft");
    assertThat(definitions.find(Kind.JOURNEY, "a").orElseThrow().status()).isEqualTo("draft");
    assertThat(definitions.findDeleted(Kind.JOURNEY, "a")).isEmpty();
    definitions.delete(Kind.JOURNEY, "a");
    Definition gone = definitions.findDeleted(Kind.JOURNEY, "a").orElseThrow();
    assertThat(gone.version()).isEqualTo(3);
    assertThat(gone.status()).isEqualTo(Definition.DELETED);
    Definition anew = definitions.put(Kind.JOURNEY, "a", document("4"), "draft", kept, AT);
    assertThat(definitions.findDeleted(Kind.JOURNEY, "a")).isEmpty();
    assertThat(anew.version()).isEqualTo(4);
    assertThat(anew.first()).isEqualTo(4);
    assertThat(definitions.put(Kind.JOURNEY, "a", document("5"), "draft", kept, AT).first())
        .isEqualTo(4);
  }

  @Test
  default void changesTheStatusOnlyFromTheExpectedOne() {
    Definitions definitions = definitions();
    definitions.put(Kind.JOURNEY, "a", document("A"), "draft", AT);

    assertThat(definitions.changeStatus(Kind.JOURNEY, "a", "paused", "live")).isFalse();
    assertThat(definitions.changeStatus(Kind.JOURNEY, "b", "draft", "live")).isFalse();
    assertThat(definitions.changeStatus(Kind.JOURNEY, "a", "draft", "live")).isTrue();

    assertThat(definitions.find(Kind.JOURNEY, "a").orElseThrow().status()).isEqualTo("live");
    assertThat(definitions.find(Kind.JOURNEY, "a", 1).orElseThrow().status()).isEqualTo("live");
  }

  @Test
  default void launchesTheNewestVersionUntilTheNextLaunch() {
    Definitions definitions = definitions();
    definitions.put(Kind.JOURNEY, "a", document("one"), "draft", AT);

    assertThat(definitions.launch(Kind.JOURNEY, "a", 2, "draft", "live")).isFalse();
    assertThat(definitions.launch(Kind.JOURNEY, "a", 1, "paused", "live")).isFalse();
    assertThat(definitions.launch(Kind.JOURNEY, "a", 1, "draft", "live")).isTrue();
    definitions.put(Kind.JOURNEY, "a", document("two"), "live", AT);

    Definition found = definitions.find(Kind.JOURNEY, "a").orElseThrow();
    assertThat(found.version()).isEqualTo(2);
    assertThat(found.launched()).isEqualTo(1);
    assertThat(definitions.find(Kind.JOURNEY, "a", 1).orElseThrow().launched()).isEqualTo(1);
    assertThat(definitions.list(Kind.JOURNEY)).containsExactly(found);
    assertThat(definitions.launch(Kind.JOURNEY, "a", 2, "live", "live")).isTrue();
    assertThat(definitions.find(Kind.JOURNEY, "a").orElseThrow().launched()).isEqualTo(2);
  }

  @Test
  default void listsOneKindById() {
    Definitions definitions = definitions();
    definitions.put(Kind.SEGMENT, "b", document("B"), "ready", AT);
    definitions.put(Kind.SEGMENT, "a", document("A"), "ready", AT);
    definitions.put(Kind.CONTENT, "c", document("C"), "ready", AT);

    List<Definition> segments = definitions.list(Kind.SEGMENT);

    assertThat(segments).extracting(Definition::id).containsExactly("a", "b");
  }

  @Test
  default void forgetsTheDeletedButNotItsVersions() {
    Definitions definitions = definitions();
    definitions.put(Kind.SEGMENT, "a", document("A"), "ready", AT);

    assertThat(definitions.delete(Kind.SEGMENT, "a")).isTrue();
    assertThat(definitions.delete(Kind.SEGMENT, "a")).isFalse();

    assertThat(definitions.find(Kind.SEGMENT, "a")).isEmpty();
    assertThat(definitions.list(Kind.SEGMENT)).isEmpty();
    assertThat(definitions.changeStatus(Kind.SEGMENT, "a", "ready", "live")).isFalse();
    assertThat(definitions.find(Kind.SEGMENT, "a", 1).orElseThrow().status())
        .isEqualTo(Definition.DELETED);
    assertThat(definitions.put(Kind.SEGMENT, "a", document("B"), "ready", AT).version())
        .isEqualTo(2);
  }

  @Test
  default void everyChangeCountsUpTheCatalogVersion() {
    Definitions definitions = definitions();

    assertThat(definitions.catalogVersion()).isZero();
    definitions.put(Kind.JOURNEY, "a", document("A"), "draft", AT);
    assertThat(definitions.catalogVersion()).isEqualTo(1);
    definitions.changeStatus(Kind.JOURNEY, "a", "draft", "live");
    assertThat(definitions.catalogVersion()).isEqualTo(2);
    definitions.changeStatus(Kind.JOURNEY, "a", "draft", "live");
    assertThat(definitions.catalogVersion()).isEqualTo(2);
    definitions.delete(Kind.JOURNEY, "a");
    assertThat(definitions.catalogVersion()).isEqualTo(3);
    assertThat(definitions.latestCatalogVersion()).isEqualTo(3);
  }
}
