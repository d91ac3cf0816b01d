package dev.perennial.domain.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.identity.IdentifierReading.Accepted;
import dev.perennial.domain.identity.IdentifierReading.Blocked;
import dev.perennial.domain.identity.IdentifierReading.Invalid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentifierReadingTest {

  @ParameterizedTest
  @CsvSource(
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "userId, Ann Lee ,Ann Lee",
        "userId,u\u00a0,u",
        "userId,e\u0301,\u00e9",
        "email,Ann@Example.TEST ,ann@example.test",
        "phone,+1 (415) 555-0100,+14155550100",
        "phone,0086 138 0013 8000,+8613800138000",
        "phone,\uff0b\uff18\uff16\uff11\uff13\uff18\uff10\uff10\uff11\uff13\uff18\uff10\uff10\uff10,+8613800138000",
        "wechat:wx1,oAbC-1,oAbC-1",
        "crm_id,007,007"
      })
  void onePersonWrittenInTwoWaysReadsAsOneIdentifier(String namespace, String raw, String value) {
    assertThat(IdentifierReading.of(new Namespace(namespace), raw))
        .isEqualTo(new Accepted(new Identifier(new Namespace(namespace), value)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "NULL",
        "undefined",
        "Anonymous",
        "guest",
        "0",
        "-1",
        "0000",
        "--",
        "-",
        "NaN",
        "[object Object]",
        "true",
        "false",
        "\"null\"",
        "'undefined'",
        "\"\"",
        "' 0 '",
        "00000000-0000-0000-0000-000000000000"
      })
  void wordsOfProgramsThatKnowNobodyAreBlocked(String raw) {
    assertThat(IdentifierReading.of(Namespace.USER_ID, raw)).isInstanceOf(Blocked.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\u0000b", "a\nb", "a\u001bb", "a\u2028b", "\ud800", "a\udc00b"})
  void controlCharactersAndHalfCharactersAreInvalid(String raw) {
    assertThat(IdentifierReading.of(Namespace.USER_ID, raw)).isInstanceOf(Invalid.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ann",
        "ann@",
        "@x.test",
        "a b@x.test",
        "a@b@x.test",
        "a@x",
        "a@x..test",
        "<ann@x.test>",
        "z1<ann@x.test>",
        "ann(z1)@x.test",
        "bob,ann@x.test",
        "ann@x.test;bob",
        "\"ann\"@x.test",
        "a\\nn@x.test",
        "ann@[192.0.2.1]",
        "an\u200bn@x.test",
        "an\u00a0n@x.test",
        "an\u3000n@x.test",
        "ann@x\u2003.test",
        "an\ufe0fn@x.test",
        "an\u034fn@x.test",
        "an\u3164n@x.test",
        "\uff1cann@x.test",
        "\uff41nn@x.test"
      })
  void whatIsNoAddressIsInvalid(String raw) {
    assertThat(IdentifierReading.of(Namespace.EMAIL, raw)).isInstanceOf(Invalid.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"13800138000", "+0123456789", "+123", "+1234567890123456", "+1415call"})
  void aNumberWithoutItsCountryIsInvalid(String raw) {
    assertThat(IdentifierReading.of(Namespace.PHONE, raw)).isInstanceOf(Invalid.class);
  }

  @Test
  void overLongValuesAreInvalid() {
    assertThat(IdentifierReading.of(Namespace.USER_ID, "x".repeat(512)))
        .isInstanceOf(Accepted.class);
    assertThat(IdentifierReading.of(Namespace.USER_ID, "x".repeat(513)))
        .isInstanceOf(Invalid.class);
    assertThat(IdentifierReading.of(Namespace.USER_ID, "x".repeat(100_000)))
        .isInstanceOf(Invalid.class);
  }

  @Test
  void aNamespaceCannotPretendToBeAnother() {
    assertThat(IdentifierReading.of(new Namespace("user:Id"), "1")).isInstanceOf(Invalid.class);
    assertThat(IdentifierReading.of(new Namespace(""), "1")).isInstanceOf(Invalid.class);
    assertThat(IdentifierReading.of(new Namespace("wechat"), "app:1")).isInstanceOf(Invalid.class);
  }

  @Test
  void textNamesNamespaceAndValue() {
    assertThat(IdentifierReading.of("userId:a:b"))
        .isEqualTo(new Accepted(new Identifier(Namespace.USER_ID, "a:b")));
    assertThat(IdentifierReading.of("wechat:wx1:o:1"))
        .isEqualTo(new Accepted(new Identifier(Namespace.wechat("wx1"), "o:1")));
    assertThat(IdentifierReading.of("nothing")).isInstanceOf(Invalid.class);
  }
}
