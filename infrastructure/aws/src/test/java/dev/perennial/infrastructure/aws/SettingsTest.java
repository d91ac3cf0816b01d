package dev.perennial.infrastructure.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.topology.Setting;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SettingsTest {

  @ParameterizedTest
  @ValueSource(strings = {"hello@example.com", "Perennial <hello@example.com>"})
  void senderHasABareAddress(String emailFrom) {
    assertThat(new Settings("prod", emailFrom, null, Map.of()).emailAddress())
        .isEqualTo("hello@example.com");
  }

  @Test
  void noSenderHasNoAddress() {
    assertThat(new Settings("prod", null, null, Map.of()).emailAddress()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"example.com", "a@b", "a b@example.com", "*@example.com", "<>"})
  void brokenSenderIsRefused(String emailFrom) {
    assertThatThrownBy(() -> new Settings("prod", emailFrom, null, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("emailFrom");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Prod", "1st", "prod_eu", "a-stage-name-of-21-chr"})
  void stageThatCannotBePartOfEveryNameIsRefused(String stage) {
    assertThatThrownBy(() -> new Settings(stage, null, null, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("stage");
  }

  @ParameterizedTest
  @CsvSource({
    "ERASED_REFUSED_FOR, PT1H",
    "ERASED_REFUSED_FOR, 30",
    "MOST_USER_IDS, 0",
    "MOST_USER_IDS, ten",
    "QUARANTINE_BEYOND, 5000000000"
  })
  void settingThatItsFunctionWouldNotStartWithIsRefused(Setting setting, String value) {
    assertThatThrownBy(() -> new Settings("prod", null, null, Map.of(setting, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(setting.title() + " must be");
  }
}
