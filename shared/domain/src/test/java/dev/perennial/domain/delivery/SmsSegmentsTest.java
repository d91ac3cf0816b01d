package dev.perennial.domain.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmsSegmentsTest {

  @ParameterizedTest
  @CsvSource({
    "a, 160, 1",
    "a, 161, 2",
    "a, 306, 2",
    "a, 307, 3",
    "€, 80, 1",
    "€, 81, 2",
    "退, 70, 1",
    "退, 71, 2",
    "退, 134, 2",
    "退, 135, 3",
    "ä, 160, 1",
    "ę, 70, 1",
    "ę, 71, 2",
  })
  void countsAsCarriersDo(String character, int times, int segments) {
    assertThat(SmsSegments.of(character.repeat(times))).isEqualTo(segments);
  }
}
