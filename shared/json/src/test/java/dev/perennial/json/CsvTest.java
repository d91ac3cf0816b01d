package dev.perennial.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CsvTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a,b\n1,2\n",
        "\uFEFFa,b\r\n1,2",
        "\"a\",b\n\n1,\"2\"\r\n\r\n",
      })
  void howeverItIsWritten(String text) {
    assertThat(Csv.read(text)).containsExactly(List.of("a", "b"), List.of("1", "2"));
  }

  @Test
  void quotesHoldAnything() {
    assertThat(Csv.read("\"a,\"\"b\"\"\nc\",\n")).containsExactly(List.of("a,\"b\"\nc", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a,\"b", "a\"b,c", "\"a\"b"})
  void oddQuotesAreRefused(String text) {
    assertThatThrownBy(() -> Csv.read(text)).isInstanceOf(InvalidDocument.class);
  }
}
