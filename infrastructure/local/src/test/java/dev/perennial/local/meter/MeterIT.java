package dev.perennial.local.meter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import dev.perennial.json.Json;
import dev.perennial.local.aws.Backends;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The documented rules, carried out by DynamoDB Local and counted by the meter; and what DynamoDB
 * Local itself says they cost, which is right but for the cases that say otherwise.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MeterIT {

  private static final int UNIT = 1024;

  private final Backends backends = Backends.start(Path.of("target"), null, InstantSource.system());
  private final HttpClient http = HttpClient.newHttpClient();
  private final Meter meter = new Meter((operation, asked) -> read(call(operation, asked)));

  @AfterAll
  void close() {
    http.close();
    backends.close();
  }

  @Test
  void theRulesAreAsManyAsDocumented() {
    assertThat(CapacityCase.all()).hasSize(81);
    assertThat(DocumentedSizes.all()).hasSize(33);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("dev.perennial.local.meter.CapacityCase#all")
  void theMeterCountsAsDocumented(CapacityCase documented) {
    clear();
    documented
        .stored()
        .forEach((key, bytes) -> call("PutItem", json(CapacityCase.put(key, bytes, ""))));
    Map<String, Value> request = new HashMap<>(json(documented.request()).fields());
    request.put("ReturnConsumedCapacity", new Text("TOTAL"));

    meter.restart();
    byte[] answer =
        meter.measure(
            "F",
            "dynamodb:" + documented.operation(),
            Json.bytes(new Fields(request)),
            () -> call(documented.operation(), new Fields(request)),
            body -> body);

    assertThat(meter.usage().get("F").units()).isEqualTo(documented.expected());
    assertThat(Double.valueOf(consumed(read(answer))))
        .isEqualTo(Double.valueOf(documented.local()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("dev.perennial.local.meter.DocumentedSizes#all")
  void sizesAreThoseOfDynamoDb(DocumentedSizes.Case documented) {
    clear();
    int rest = UNIT - documented.bytes();

    assertThat(consumed(read(put(documented.item(), rest)))).isEqualTo(1);
    assertThat(consumed(read(put(documented.item(), rest + 1)))).isEqualTo(2);
  }

  /** Puts the attributes beside a key and a text that fill up so many bytes. */
  private byte[] put(Fields attributes, int bytes) {
    Map<String, Value> item = new HashMap<>(json(CapacityCase.item("a", bytes)).fields());
    item.putAll(attributes.fields());
    return call(
        "PutItem",
        new Fields(
            Map.of(
                "TableName", new Text("People"),
                "Item", new Fields(item),
                "ReturnConsumedCapacity", new Text("TOTAL"))));
  }

  private void clear() {
    Fields all = read(call("Scan", json("{'TableName':'People','ProjectionExpression':'sk'}")));
    for (Fields item : Write.list(all, "Items")) {
      String key = ((Fields) item.fields().get("sk")).text("S");
      call("DeleteItem", json(CapacityCase.delete(String.valueOf(key), "")));
    }
  }

  /** NaN when it says nothing. */
  private static double consumed(Fields answer) {
    Value consumed = answer.get("ConsumedCapacity");
    List<Value> tables =
        consumed instanceof Items(List<Value> items)
            ? items
            : consumed == null ? List.of() : List.of(consumed);
    return tables.stream()
        .mapToDouble(
            table -> ((Num) ((Fields) table).fields().get("CapacityUnits")).number().doubleValue())
        .reduce(Double::sum)
        .orElse(Double.NaN);
  }

  private byte[] call(String operation, Fields asked) {
    HttpRequest request =
        HttpRequest.newBuilder(backends.dynamoDb())
            .header("Content-Type", "application/x-amz-json-1.0")
            .header("X-Amz-Target", "DynamoDB_20120810." + operation)
            .header(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/local/aws4_request, "
                    + "SignedHeaders=host, Signature=0")
            .POST(BodyPublishers.ofByteArray(Json.bytes(asked)))
            .build();
    try {
      return http.send(request, BodyHandlers.ofByteArray()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Fields read(byte[] body) {
    return (Fields) Json.readOwn(body);
  }

  private static Fields json(String quoted) {
    return read(quoted.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }
}
