package dev.perennial.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class JsonNodeTest {

  enum Reentry {
    ONCE,
    AFTER_EXIT
  }

  @Test
  void readsEachKind() {
    JsonObject object =
        JsonObject.root(
            Json.read(
                """
                {"text":"x","n":3,"d":"P30D","at":"1997-01-01T01:00:00+01:00","ok":true,
                 "list":[{"a":1}],"reentry":"afterExit","nothing":null}
                """));

    assertThat(object.required("text").text()).isEqualTo("x");
    assertThat(object.required("n").integer(0, 3)).isEqualTo(3);
    assertThat(object.required("d").duration()).isEqualTo(Duration.ofDays(30));
    assertThat(object.required("at").instant()).isEqualTo(Instant.parse("1997-01-01T00:00:00Z"));
    assertThat(object.required("ok").truth()).isTrue();
    assertThat(object.required("list").list().getFirst().object().required("a").pointer())
        .isEqualTo("/list/0/a");
    assertThat(object.required("reentry").choice(Reentry.class)).isEqualTo(Reentry.AFTER_EXIT);
    assertThat(object.optional("nothing")).isEmpty();
    object.refuseOthers();
  }

  @Test
  void namesTheOffendingField() {
    refuses("{}", "/name", object -> object.required("name"));
    refuses("{\"name\":null}", "/name", object -> object.required("name"));
    refuses("{\"name\":1}", "/name", object -> object.required("name").text());
    refuses("{\"name\":\"\"}", "/name", object -> object.required("name").text(10));
    refuses("{\"name\":\"a\\nb\"}", "/name", object -> object.required("name").line(10));
    refuses("{\"n\":1.5}", "/n", object -> object.required("n").integer(0, 9));
    refuses("{\"n\":1e300}", "/n", object -> object.required("n").integer(0, 9));
    refuses("{\"d\":\"P-1D\"}", "/d", object -> object.required("d").duration());
    refuses("{\"d\":\"P99999999D\"}", "/d", object -> object.required("d").duration());
    refuses("{\"d\":\"soon\"}", "/d", object -> object.required("d").duration());
    refuses("{\"e\":\"ONCE\"}", "/e", object -> object.required("e").choice(Reentry.class));
    refuses(
        "{\"a/b~\":[[1]]}",
        "/a~1b~0/0/0",
        object -> object.required("a/b~").list().getFirst().list().getFirst().object());
    refuses(
        "{\"a\":1,\"b\":2}",
        "/b",
        object -> {
          object.required("a");
          object.refuseOthers();
          return object;
        });
  }

  private static void refuses(String document, String pointer, Function<JsonObject, ?> reading) {
    JsonObject object = JsonObject.root(Json.read(document));

    assertThatThrownBy(() -> reading.apply(object))
        .isInstanceOfSatisfying(
            InvalidDocument.class, invalid -> assertThat(invalid.pointer()).isEqualTo(pointer));
  }
}
