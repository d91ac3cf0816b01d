package dev.perennial.aws.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.aws.dynamodb.HostilePairs.Trick;
import dev.perennial.domain.Digest;
import dev.perennial.domain.delivery.SendMessage;
import dev.perennial.domain.delivery.SendRequest;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.IdentifierReading;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.journey.Trigger;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Transition;
import dev.perennial.testkit.Samples;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * At a million pairs, no key is made by two different lists of values, whatever clients put into
 * them; and careless ways of making keys, under the same test, are found out.
 */
class HostileKeysIT {

  private static final int SCALE = Integer.getInteger("laws.scale", 1);
  private static final int PAIRS = 1_000_000 * SCALE;
  private static final int PAIRS_FOR_MUTANTS = 20_000;
  private static final long SEED = 20260301;
  private static final int ANY = 0;

  /**
   * A way to make a key.
   *
   * @param parts how many values it takes; {@link #ANY} for any number
   */
  record KeyMaker(int parts, Function<List<String>, String> key) {}

  private static Arguments named(String name, int parts, Function<List<String>, String> key) {
    return Arguments.of(Named.of(name, new KeyMaker(parts, key)));
  }

  static Stream<Arguments> makers() {
    return Stream.of(
        named("ItemKey", ANY, parts -> ItemKey.of(parts.getFirst(), rest(parts))),
        named("Digest", ANY, parts -> Digest.of(parts.toArray(String[]::new))),
        named(
            "hash of an identifier",
            3,
            parts -> identifier(parts.get(0), parts.get(1)).hash(parts.get(2)).value()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("makers")
  void differentValuesMakeDifferentKeys(KeyMaker maker) {
    HostilePairs pairs = new HostilePairs(SEED);

    assertThat(collisions(maker, pairs, PAIRS)).isZero();

    assertThat(pairs.unequal()).isGreaterThan(PAIRS / 2);
    assertThat(pairs.made()).containsOnlyKeys(Trick.values());
    assertThat(pairs.made().values()).allMatch(count -> count > PAIRS / 500);
  }

  /** Those that are made of these three, or hold nothing that came from outside. */
  static Stream<Arguments> furtherMakers() {
    return Stream.of(
        named(
            "intent of a send",
            3,
            parts ->
                SendMessage.id(
                    "w",
                    new SendRequest(
                        new PersonId("p"),
                        parts.get(0),
                        parts.get(1),
                        parts.get(2),
                        "c",
                        List.of(),
                        "t",
                        null))),
        named(
            "occurrence of an event",
            3,
            parts ->
                new Trigger.OfEvent(
                        new PersonId("p"),
                        Samples.event(identifier(parts.get(0), parts.get(1)), parts.get(2)))
                    .occurrence()),
        named(
            "occurrence of a transition",
            2,
            parts ->
                new Trigger.OfTransition(
                        new Transition(
                            new PersonId(parts.get(0)),
                            new SegmentId(parts.get(1)),
                            1,
                            Instant.EPOCH,
                            Cause.EVENT))
                    .occurrence()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("furtherMakers")
  void differentValuesMakeDifferentNames(KeyMaker maker) {
    assertThat(collisions(maker, new HostilePairs(SEED), PAIRS / 10)).isZero();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("dev.perennial.aws.dynamodb.RecordedKeys#all")
  void differentValuesMakeDifferentItems(RecordedKeys store) {
    KeyMaker maker = new KeyMaker(store.parts(), store::key);

    assertThat(collisions(maker, new HostilePairs(SEED), PAIRS / 50)).isZero();
  }

  static Stream<Arguments> mutants() {
    return Stream.of(
        named("joined", ANY, parts -> String.join("#", parts)),
        named("joined by NUL", ANY, parts -> String.join("\0", parts)),
        named("escaped once", ANY, parts -> String.join("#", parts).replace("##", "%23#")),
        named(
            "escaped without the escape",
            ANY,
            parts -> String.join("#", parts.stream().map(it -> it.replace("#", "%23")).toList())),
        named("concatenated", ANY, parts -> String.join("", parts)),
        named(
            "in lossy UTF-8",
            ANY,
            parts -> Arrays.toString(parts.toString().getBytes(StandardCharsets.UTF_8))),
        named("in one case", ANY, parts -> ItemKey.of(lower(parts.getFirst()), rest(parts))),
        named(
            "in one normal form",
            ANY,
            parts ->
                parts.stream()
                    .map(part -> Normalizer.normalize(part, Normalizer.Form.NFC))
                    .toList()
                    .toString()),
        named(
            "cut at 1 KB",
            ANY,
            parts ->
                parts.stream()
                    .map(it -> it.substring(0, Math.min(1024, it.length())))
                    .toList()
                    .toString()),
        named("of the first value", ANY, List::getFirst));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mutants")
  void aCarelessKeyIsFoundOut(KeyMaker mutant) {
    assertThat(collisions(mutant, new HostilePairs(SEED), PAIRS_FOR_MUTANTS)).isPositive();
  }

  private static int collisions(KeyMaker maker, HostilePairs pairs, int count) {
    int[] collisions = {0};
    pairs.forEach(
        count,
        maker.parts(),
        (one, other) -> {
          boolean sameKey = maker.key().apply(one).equals(maker.key().apply(other));
          collisions[0] += sameKey == one.equals(other) ? 0 : 1;
        });
    return collisions[0];
  }

  /**
   * What became of pairs of spellings.
   *
   * @param accepted pairs of which both are identifiers
   * @param one of these, pairs that make one identifier of two spellings
   * @param two of these, pairs that make two identifiers
   * @param wrong of these, pairs that make one where the normal form says two, or the reverse
   */
  private record Readings(int accepted, int one, int two, int wrong) {}

  static Stream<Arguments> namespaces() {
    Function<String, String> plain = HostileKeysIT::normalForm;
    Function<String, String> email = text -> lower(normalForm(text));
    return Stream.of(
        Arguments.of("userId", "", plain),
        Arguments.of("anonymousId", "", plain),
        Arguments.of("email", "x@y.org", email));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("namespaces")
  void spellingsAreOneIdentifierExactlyWhenTheirNormalFormsAre(
      String namespace, String ending, Function<String, String> normalForm) {
    Readings readings = readings(namespace, ending, PAIRS / 10, normalForm);

    assertThat(readings.wrong()).isZero();
    assertThat(readings.accepted()).isGreaterThan(PAIRS / 50);
    assertThat(readings.one()).isGreaterThan(PAIRS / 500);
    assertThat(readings.two()).isGreaterThan(PAIRS / 500);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("namespaces")
  void anotherNormalFormIsFoundOut(
      String namespace, String ending, Function<String, String> normalForm) {
    Function<String, String> compatible =
        text -> Normalizer.normalize(normalForm.apply(text), Normalizer.Form.NFKC);

    assertThat(readings(namespace, ending, PAIRS_FOR_MUTANTS, text -> text).wrong()).isPositive();
    // An address in letters that only look otherwise is none, so both forms of one are the same.
    assertThat(readings(namespace, ending, PAIRS_FOR_MUTANTS, compatible).wrong() > 0)
        .isEqualTo(!namespace.equals("email"));
  }

  private static Readings readings(
      String namespace, String ending, int pairs, Function<String, String> normalForm) {
    int[] counts = new int[4];
    new HostilePairs(SEED)
        .forEach(
            pairs,
            1,
            (one, other) -> {
              String a = one.getFirst() + ending;
              String b = other.getFirst() + ending;
              if (IdentifierReading.of(new Namespace(namespace), a)
                      instanceof IdentifierReading.Accepted(Identifier first)
                  && IdentifierReading.of(new Namespace(namespace), b)
                      instanceof IdentifierReading.Accepted(Identifier second)) {
                boolean same = first.hash("w").equals(second.hash("w"));
                counts[0]++;
                counts[1] += same && !a.equals(b) ? 1 : 0;
                counts[2] += same ? 0 : 1;
                counts[3] += same == normalForm.apply(a).equals(normalForm.apply(b)) ? 0 : 1;
              }
            });
    return new Readings(counts[0], counts[1], counts[2], counts[3]);
  }

  /** By the words of the design: in NFC, without what is blank before and after. */
  private static String normalForm(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFC)
        .replaceAll("^[\\s\\p{Z}\ufeff]+|[\\s\\p{Z}\ufeff]+$", "");
  }

  private static String[] rest(List<String> parts) {
    return parts.subList(1, parts.size()).toArray(String[]::new);
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static Identifier identifier(String namespace, String value) {
    return new Identifier(new Namespace(namespace), value);
  }
}
