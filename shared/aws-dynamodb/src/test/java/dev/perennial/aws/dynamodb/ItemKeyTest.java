package dev.perennial.aws.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ItemKeyTest {

  private static final String[] PIECES = {
    "#", "%", "%23", "%25", "%ud800", "\ud800", "\udc00", "\ud83d\ude00", "a", "u", "", "2", "3"
  };

  @Test
  void joinsParts() {
    assertThat(ItemKey.of("KEY", "abc")).isEqualTo("KEY#abc");
    assertThat(ItemKey.of("a#b", "50%")).isEqualTo("a%23b#50%25");
    assertThat(ItemKey.of("你好😀")).isEqualTo("你好😀");
  }

  @Test
  void noKeyOfOthersHasThePrefix() {
    assertThat(ItemKey.of("ab", "c")).doesNotStartWith(ItemKey.prefix("a"));
    assertThat(ItemKey.of("a#", "c")).doesNotStartWith(ItemKey.prefix("a"));
    assertThat(ItemKey.of("a", "c")).startsWith(ItemKey.prefix("a"));
  }

  static IntStream seeds() {
    return IntStream.range(0, 20 * Integer.getInteger("laws.scale", 1));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void differentPartsMakeDifferentKeys(int seed) {
    Random random = new Random(seed);
    Map<String, List<String>> made = new HashMap<>();

    for (int i = 0; i < 5_000; i++) {
      String[] parts = new String[random.nextInt(4)];
      Arrays.setAll(parts, part -> text(random));
      String first = text(random);
      String key = ItemKey.of(first, parts);
      List<String> all =
          IntStream.range(-1, parts.length).mapToObj(n -> n < 0 ? first : parts[n]).toList();

      byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
      assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(key);
      assertThat(made.merge(key, all, (before, now) -> before)).isEqualTo(all);
    }
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString();
  }
}
