package dev.perennial.domain.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An answer ends or resumes text messages when it is that word and nothing else. */
class ReplyWordTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "STOP",
        " stop. ",
        "Stop!",
        "STOPALL",
        "unsubscribe",
        "End",
        "TD",
        "t",
        "退订",
        "【退订】",
        "退訂",
        "拒收",
        "ＳＴＯＰ",
        "ＴＤ",
        "Revoke",
        "opt out",
        "OPT-OUT"
      })
  void whatEndsThem(String reply) {
    assertThat(ReplyWord.of(reply)).contains(ReplyWord.STOP);
  }

  @ParameterizedTest
  @ValueSource(strings = {"START", "unstop", "订阅", "訂閱"})
  void whatResumesThem(String reply) {
    assertThat(ReplyWord.of(reply)).contains(ReplyWord.START);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yes", "when does it stop?", "don't stop", "不要退订"})
  void whatDoesNeither(String reply) {
    assertThat(ReplyWord.of(reply)).isEmpty();
  }
}
