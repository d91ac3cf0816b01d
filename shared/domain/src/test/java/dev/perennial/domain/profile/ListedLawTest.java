package dev.perennial.domain.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.segment.Facts;
import dev.perennial.domain.segment.SegmentId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Words about lists count alike in whatever order they arrive, and however often. */
final class ListedLawTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final SegmentId GUESTS = new SegmentId("guests");
  private static final List<Identifier> IDENTIFIERS =
      List.of(
          new Identifier(Namespace.USER_ID, "ann"),
          new Identifier(Namespace.EMAIL, "ann@example.com"),
          new Identifier(Namespace.DEVICE_ID, "phone"));

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void ofWordsOfOneMillisecondTheSameOneCountsInEveryOrder(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      Person person = person(random);
      List<Listed> words =
          Stream.generate(() -> word(random)).limit(1 + random.nextInt(5)).toList();
      Person expected = heard(person, words);
      for (int order = 0; order < 10; order++) {
        List<Listed> twice = new ArrayList<>(words);
        twice.addAll(words);
        Collections.shuffle(twice, random);

        assertThat(heard(person, twice)).isEqualTo(expected);
      }
      Listed last =
          Stream.concat(
                  words.stream(),
                  person.facets().values().stream()
                      .flatMap(facet -> facet.lists().values().stream()))
              .reduce(Listed::prevailing)
              .orElseThrow();
      assertThat(Facts.of(expected.facets().values()).lists())
          .isEqualTo(last.in() ? Map.of(GUESTS, last.version()) : Map.of());
    }
  }

  private static Person heard(Person person, List<Listed> words) {
    Person heard = person;
    for (Listed word : words) {
      heard = heard.listed(GUESTS, word);
    }
    return heard;
  }

  /** Somebody of whom something may have been said before they met. */
  private static Person person(Random random) {
    Map<Identifier, Instant> identifiers = new HashMap<>();
    Map<Identifier, Facet> facets = new HashMap<>();
    for (Identifier identifier : IDENTIFIERS) {
      identifiers.put(identifier, NOON);
      if (random.nextBoolean()) {
        facets.put(identifier, Facet.empty(identifier).listed(GUESTS, word(random)));
      }
    }
    return new Person(
        IDENTIFIERS.getFirst().hash("test"),
        1,
        identifiers,
        Set.of(),
        facets,
        Map.of(),
        List.of(),
        null,
        null);
  }

  private static Listed word(Random random) {
    return new Listed(
        random.nextBoolean(),
        1 + random.nextInt(2),
        NOON.plusNanos(random.nextInt(2_000_000)),
        random.nextInt(3));
  }
}
