package dev.perennial.infrastructure.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SettingsTest {

  @ParameterizedTest
  @ValueSource(strings = {"hello@example.com", "Perennial <hello@example.com>"})
  void senderHasABareAddress(String emailFrom) {
    assertThat(new Settings("prod", emailFrom, null).emailAddress()).isEqualTo("hello@example.com");
  }

  @Test
  void noSenderHasNoAddress() {
    assertThat(new Settings("prod", null, null).emailAddress()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"example.com", "a@b", "a b@example.com", "*@example.com", "<>"})
  void brokenSenderIsRefused(String emailFrom) {
    assertThatThrownBy(() -> new Settings("prod", emailFrom, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("emailFrom");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Prod", "1st", "prod_eu", "a-stage-name-of-21-chr"})
  void stageThatCannotBePartOfEveryNameIsRefused(String stage) {
    assertThatThrownBy(() -> new Settings(stage, null, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("stage");
  }
}
