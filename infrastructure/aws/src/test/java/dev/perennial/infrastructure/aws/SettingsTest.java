package dev.perennial.infrastructure.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SettingsTest {

  @ParameterizedTest
  @ValueSource(strings = {"hello@example.com", "Perennial <hello@example.com>"})
  void senderHasTwoIdentities(String emailFrom) {
    assertThat(new Settings("prod", emailFrom, null).emailIdentities())
        .containsExactly("hello@example.com", "example.com");
  }

  @Test
  void noSenderHasNoIdentity() {
    assertThat(new Settings("prod", null, null).emailIdentities()).isEmpty();
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
