package dev.perennial.local.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.perennial.local.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SceneTest {

  @TempDir Path events;

  @Test
  void theShippedStoryIsRead() {
    assertThat(Scene.readAll(Path.of("../../events")))
        .extracting(Scene::title)
        .hasSizeGreaterThan(3)
        .doesNotContain("");
  }

  @Test
  void scenesComeInTheOrderOfTheirFiles() throws IOException {
    write("story/2.json", "{\"title\":\"then\",\"advance\":\"P1D\",\"requests\":[]}");
    write(
        "story/1.json",
        "{\"title\":\"first\",\"requests\":[{\"method\":\"PUT\",\"path\":\"/x\",\"body\":{\"a\":1}}]}");
    write("other/sample.json", "{}");

    assertThat(Scene.readAll(events))
        .extracting(Scene::title, Scene::advance)
        .containsExactly(tuple("first", Duration.ZERO), tuple("then", Duration.ofDays(1)));
    assertThat(Scene.readAll(events).getFirst().calls())
        .containsExactly(new Scene.Call("PUT", "/x", "{\"a\":1}"));
  }

  @Test
  void aBrokenSampleIsNamedInOneLine() throws IOException {
    write("other/sample.json", "{\n  \"a\": 1,\n  oops\n}");

    assertThatThrownBy(() -> Scene.readAll(events))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("sample.json")
        .hasMessageContaining("line 3")
        .message()
        .hasLineCount(1);
  }

  @Test
  void aSceneWithoutATitleIsBroken() throws IOException {
    write("story/1.json", "{\"requests\":[]}");

    assertThatThrownBy(() -> Scene.readAll(events))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("a scene needs a title");
  }

  private void write(String name, String json) throws IOException {
    Path file = events.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, json);
  }
}
