package dev.perennial.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import dev.perennial.json.JsonBatch.Element;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":[1,2.5,\"x\",null,true,{}],\"b\":-0.001}",
        "\"\"",
        "[]",
        "1000000",
        "1E+30",
        "{\"\":\"\\u0000 \\\" 你好 😀\"}"
      })
  void writesWhatItRead(String document) {
    Value value = Json.read(document);

    assertThat(Json.text(value)).isEqualTo(document);
    assertThat(Json.read(Json.bytes(value))).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``                      | ``      | document is empty",
        "{\"a\":1} 2             | ``      | follows",
        "{\"a\":{\"b\":1,\"b\":2}} | /a/b    | twice",
        "{\"a\":[1,]}            | /a/1    | ]",
        "[1                      | /0      | end",
        "{\"a\":                 | /a      | end",
        "[\"\\ud800\"]           | /0      | surrogate",
        "[\"\\udc00\\ud800\"]    | /0      | surrogate",
        "[{\"\\ud800\":1}]       | /0      | surrogate",
        "[1e309]                 | /0      | 1e308",
        "[1e-309]                | /0      | 1e-308",
        "[1e999999999]           | /0      | 1e308",
        "[1e99999999999]         | /0      | out of range",
        "[12345678901234567890123456789012345678901] | /0 | 40",
        "[NaN]                   | /0      | NaN",
        "{a:1}                   | ``      | name"
      })
  void refusesWithPointer(String document, String pointer, String words) {
    assertThatThrownBy(() -> Json.read(document))
        .isInstanceOfSatisfying(
            JsonProblem.class,
            problem -> {
              assertThat(problem.detail()).contains(words);
              assertThat(problem.pointer()).isEqualTo(pointer);
            });
  }

  @Test
  void boundsWhatStrangersSend() {
    assertThat(Json.read("[".repeat(32) + "]".repeat(32))).isNotNull();
    assertThat(Json.read("\"" + "a".repeat(65_536) + "\"")).isNotNull();
    assertThat(Json.read("{\"" + "é".repeat(256) + "\":1}")).isNotNull();
    assertThat(Json.read("1" + "0".repeat(308))).isNotNull();

    refuses("[".repeat(33) + "]".repeat(33));
    refuses("[".repeat(500_000));
    refuses("\"" + "a".repeat(65_537) + "\"");
    refuses("{\"" + "é".repeat(257) + "\":1}");
    refuses("{\"" + "a".repeat(500_000) + "\":1}");
    refuses("1".repeat(1_000_000));
    refuses(" ".repeat(1_048_576) + "1");
  }

  @Test
  void refusesBytesThatAreNoUtf8() {
    refuses(new byte[] {'"', (byte) 0xc3, '"'});
    refuses(new byte[] {'"', (byte) 0xff, '"'});
    refuses(new byte[] {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'});
    refuses(new byte[] {'{', '"', (byte) 0xc3, '"', ':', '1', '}'});
  }

  @Test
  void readsItsOwnLongSums() {
    BigDecimal sum = new BigDecimal("1e308").add(new BigDecimal("1e-308"));

    assertThat(Json.readOwn(Json.text(new Num(sum)))).isEqualTo(new Num(sum));
    assertThatThrownBy(() -> Json.read(Json.text(new Num(sum)))).isInstanceOf(JsonProblem.class);
  }

  @Test
  void anElementBeyondABoundCostsNoneOfItsNeighbours() {
    String deep = "[".repeat(40) + "]".repeat(40);
    String document =
        """
        {"key":"k","batch":[1,%s,{"a":{"b":1,"b":[2]}},{"x":"\\ud800","y":[{}]},{"%s":{}},1e999,
        {"n":[1,1e99999999999],"m":{}},{"ok":true}],"after":[1]}
        """
            .formatted(deep, "n".repeat(257));

    JsonBatch batch = Json.readBatch(document.getBytes(StandardCharsets.UTF_8), "batch");

    assertThat(batch.fields()).isEqualTo(Json.read("{\"key\":\"k\",\"after\":[1]}"));
    assertThat(batch.elements())
        .extracting(
            element ->
                switch (element) {
                  case Element.Read read -> Json.text(read.value());
                  case Element.Refused refused -> refused.problem().pointer();
                })
        .containsExactly(
            "1",
            "/batch/1" + "/0".repeat(32),
            "/batch/2/a/b",
            "/batch/3/x",
            "/batch/4",
            "/batch/5",
            "/batch/6/n/1",
            "{\"ok\":true}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[]", "{\"batch\":[1", "{\"batch\":[1,{\"a\":}]}", "{\"batch\":[],\"batch\":[]}"})
  void batchesAreObjectsInProperJson(String document) {
    assertThatThrownBy(() -> Json.readBatch(document.getBytes(StandardCharsets.UTF_8), "batch"))
        .isInstanceOf(JsonProblem.class);
  }

  @Test
  void batchesMayLackTheirList() {
    JsonBatch batch = Json.readBatch("{\"batch\":1}".getBytes(StandardCharsets.UTF_8), "batch");

    assertThat(batch.elements()).isNull();
    assertThat(batch.fields().get("batch")).isEqualTo(Num.of(1));
  }

  @Test
  void numbersThatPrintAlikeAreEqual() {
    assertThat(Json.read("[1.0,10,0.0]")).isEqualTo(Json.read("[1,1e1,-0]"));
  }

  static IntStream seeds() {
    return IntStream.range(0, 2_000 * Integer.getInteger("laws.scale", 1));
  }

  @ParameterizedTest(name = "seed {0}", quoteTextArguments = false)
  @MethodSource("seeds")
  void damagedDocumentsAreReadOrRefused(int seed) {
    Random random = new Random(seed);
    byte[] document =
        "{\"batch\":[{\"userId\":\"\\u4f60\",\"n\":-12.5e3,\"t\":true},null],\"é\":\"😀\"}"
            .getBytes(StandardCharsets.UTF_8);
    for (int i = random.nextInt(4); i >= 0; i--) {
      document[random.nextInt(document.length)] = (byte) random.nextInt(256);
    }

    try {
      Value value = Json.read(document);
      assertThat(Json.read(Json.bytes(value))).isEqualTo(value);
    } catch (JsonProblem refused) {
      assertThat(refused.detail()).isNotEmpty();
    }
  }

  @Test
  void packsIntoLessWhenThatHelps() {
    Value small = new Text("x");
    Value large = new Fields(Map.of("text", new Text("abc".repeat(10_000))));

    assertThat(Packed.pack(small)).hasSize(4);
    assertThat(Packed.pack(large)).hasSizeLessThan(300);
    assertThat(Packed.unpack(Packed.pack(small))).isEqualTo(small);
    assertThat(Packed.unpack(Packed.pack(large))).isEqualTo(large);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "7", "\u0001", "\u0001\u0001\u0002", "\u0000{"})
  void unpacksOnlyWhatItPacked(String bytes) {
    assertThatThrownBy(() -> Packed.unpack(bytes.getBytes(StandardCharsets.ISO_8859_1)))
        .isInstanceOf(JsonProblem.class);
  }

  private static void refuses(String document) {
    refuses(document.getBytes(StandardCharsets.UTF_8));
  }

  private static void refuses(byte[] document) {
    assertThatThrownBy(() -> Json.read(document)).isInstanceOf(JsonProblem.class);
  }
}
