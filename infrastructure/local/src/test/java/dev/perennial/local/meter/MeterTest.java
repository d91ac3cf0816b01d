package dev.perennial.local.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.perennial.domain.value.Value.Fields;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the meter makes of answers that DynamoDB Local never gives. */
class MeterTest {

  @ParameterizedTest(name = "{0}")
  @MethodSource("dev.perennial.local.meter.DocumentedSizes#all")
  void sizesFollowTheRules(DocumentedSizes.Case documented) {
    assertThat(ItemSize.of(documented.item())).isEqualTo(documented.bytes());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "com.amazon.coral.service#AccessDeniedException",
    "com.amazon.coral.validate#ValidationException",
    "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
    "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException"
  })
  void whatIsNotTriedCostsNothing(String type) {
    String put = "{\"TableName\":\"T\",\"Item\":{\"pk\":{\"S\":\"a\"}}}";
    String answer = "{\"__type\":\"" + type + "\"}";

    assertThat(units("PutItem", put, answer)).isEqualTo(Units.NONE);
    assertThat(units("GetItem", "{}", answer)).isEqualTo(Units.NONE);
  }

  @Test
  void whatAnotherWriterStopsIsCountedInFull() {
    String put = "{\"TableName\":\"T\",\"Item\":{\"pk\":{\"S\":\"a\"}}}";
    String conflict =
        "{\"__type\":\"com.amazonaws.dynamodb.v20120810#TransactionConflictException\"}";

    assertThat(units("PutItem", put, conflict)).isEqualTo(new Units(0, 1));
  }

  @Test
  void whatABatchLeavesForLaterCostsNothingYet() {
    String keys = "{\"T\":{\"Keys\":[{\"pk\":{\"S\":\"a\"}},{\"pk\":{\"S\":\"b\"}}]}}";
    String left = "{\"T\":{\"Keys\":[{\"pk\":{\"S\":\"b\"}}]}}";
    String puts = "[{\"PutRequest\":{\"Item\":{\"pk\":{\"S\":\"%s\"}}}}]";

    assertThat(
            units(
                "BatchGetItem",
                "{\"RequestItems\":" + keys + "}",
                "{\"Responses\":{\"T\":[{\"pk\":{\"S\":\"a\"}}]},\"UnprocessedKeys\":"
                    + left
                    + "}"))
        .isEqualTo(new Units(0.5, 0));
    assertThat(
            units(
                "BatchWriteItem",
                "{\"RequestItems\":{\"T\":"
                    + puts.formatted("a")
                    + ",\"U\":"
                    + puts.formatted("a")
                    + "}}",
                "{\"UnprocessedItems\":{\"U\":" + puts.formatted("a") + "}}"))
        .isEqualTo(new Units(0, 1));
  }

  @Test
  void anIndexIsNotGuessedAt() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> units("Query", "{\"IndexName\":\"I\"}", "{\"Items\":[]}"))
        .withMessageContaining("index");
  }

  @Test
  void nothingIsCountedBeforeTheStart() {
    Meter meter = new Meter((_, _) -> Fields.EMPTY);

    measure(meter, "GetItem", "{}", "{}");

    assertThat(meter.usage()).isEmpty();
  }

  private static Units units(String operation, String request, String answer) {
    Meter meter = new Meter((_, _) -> Fields.EMPTY);
    meter.restart();
    measure(meter, operation, request, answer);
    return meter.usage().get("F").units();
  }

  private static void measure(Meter meter, String operation, String request, String answer) {
    meter.measure(
        "F",
        "dynamodb:" + operation,
        request.getBytes(StandardCharsets.UTF_8),
        () -> answer,
        text -> text.getBytes(StandardCharsets.UTF_8));
  }
}
