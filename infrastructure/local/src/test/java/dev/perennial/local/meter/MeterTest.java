package dev.perennial.local.meter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.value.Value.Fields;
import dev.perennial.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cases from AWS's pages on capacity units and item sizes. */
class MeterTest {

  @ParameterizedTest(name = "{0} is {1} bytes")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"a":{"S":"xy"}}                           | 3
          {"a":{"S":"é"}}                            | 3
          {"a":{"N":"0"}}                            | 2
          {"a":{"N":"27"}}                           | 3
          {"a":{"N":"-27"}}                          | 4
          {"a":{"N":"461"}}                          | 4
          {"a":{"B":"AAAA"}}                         | 4
          {"a":{"B":"AA=="}}                         | 2
          {"a":{"BOOL":true}}                        | 2
          {"a":{"NULL":true}}                        | 2
          {"a":{"L":[]}}                             | 4
          {"a":{"L":[{"S":"x"},{"S":"y"}]}}          | 8
          {"a":{"M":{"b":{"S":"x"}}}}                | 7
          {"a":{"SS":["x","yz"]}}                    | 4
          """)
  void sizesFollowTheRules(String item, int bytes) {
    assertThat(ItemSize.of((Fields) Json.read(item))).isEqualTo(bytes);
  }

  @Test
  void aTransactionCostsTwice() {
    String put = "{\"TableName\":\"T\",\"Item\":{\"pk\":{\"S\":\"a\"},\"sk\":{\"S\":\"b\"}}}";

    assertThat(units("dynamodb:PutItem", put, "{}")).isEqualTo(new Units(0, 1));
    assertThat(
            units(
                "dynamodb:TransactWriteItems",
                "{\"TransactItems\":[{\"Put\":"
                    + put
                    + "},{\"ConditionCheck\":{\"TableName\":\"T\",\"Key\":{}}}]}",
                "{}"))
        .isEqualTo(new Units(0, 4));
  }

  @Test
  void theLargerOfTheOldAndTheNewItemCounts() {
    Fields large = (Fields) Json.read("{\"a\":{\"S\":\"" + "x".repeat(2048) + "\"}}");
    Meter meter = new Meter((_, _) -> Optional.of(large));
    meter.restart();

    measure(
        meter, "dynamodb:PutItem", "{\"TableName\":\"T\",\"Item\":{\"pk\":{\"S\":\"a\"}}}", "{}");

    assertThat(meter.usage().get("F").units()).isEqualTo(new Units(0, 3));
  }

  @Test
  void readsAreHalfPricedUnlessConsistent() {
    String found = "{\"Item\":{\"a\":{\"S\":\"" + "x".repeat(5000) + "\"}}}";

    assertThat(units("dynamodb:GetItem", "{}", "{}")).isEqualTo(new Units(0.5, 0));
    assertThat(units("dynamodb:GetItem", "{}", found)).isEqualTo(new Units(1, 0));
    assertThat(units("dynamodb:GetItem", "{\"ConsistentRead\":true}", found))
        .isEqualTo(new Units(2, 0));
  }

  @Test
  void aQueryRoundsTheSumAndABatchEachItem() {
    String items = "[{\"a\":{\"S\":\"x\"}},{\"a\":{\"S\":\"y\"}}]";

    assertThat(units("dynamodb:Query", "{}", "{\"Items\":" + items + "}"))
        .isEqualTo(new Units(0.5, 0));
    assertThat(
            units(
                "dynamodb:BatchGetItem",
                "{\"RequestItems\":{\"T\":{\"Keys\":[{},{},{}]}}}",
                "{\"Responses\":{\"T\":" + items + "}}"))
        .isEqualTo(new Units(1.5, 0));
  }

  @Test
  void nothingIsCountedBeforeTheStart() {
    Meter meter = new Meter((_, _) -> Optional.empty());

    measure(meter, "dynamodb:GetItem", "{}", "{}");

    assertThat(meter.usage()).isEmpty();
  }

  private static Units units(String action, String request, String response) {
    Meter meter = new Meter((_, _) -> Optional.empty());
    meter.restart();
    measure(meter, action, request, response);
    return meter.usage().get("F").units();
  }

  private static void measure(Meter meter, String action, String request, String response) {
    meter.measure(
        "F",
        action,
        request.getBytes(StandardCharsets.UTF_8),
        () -> response,
        answer -> answer.getBytes(StandardCharsets.UTF_8));
  }
}
