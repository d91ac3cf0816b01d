package dev.perennial.local.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.perennial.topology.Function;
import dev.perennial.topology.Queue;
import dev.perennial.topology.Table;
import dev.perennial.topology.Topology;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/**
 * DynamoDB Local and ElasticMQ as the topology lays them out, called by the SDK through gateways
 * and directly.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BackendsIT {

  private static final Path LIBRARIES = Path.of("target");

  private final Backends backends = Backends.start(LIBRARIES, null, InstantSource.system());
  private final DynamoDbClient direct = dynamoDb(backends.dynamoDb());
  private final SqsClient sqs = Sdk.client(SqsClient.builder(), backends.sqs());

  @AfterAll
  void close() {
    direct.close();
    sqs.close();
    backends.close();
  }

  @Test
  void nothingIsLeftOfAStartThatFailed(@TempDir Path half) throws Exception {
    Files.createSymbolicLink(
        half.resolve("dynamodb-local"), LIBRARIES.resolve("dynamodb-local").toAbsolutePath());
    long before = children();

    assertThatIllegalStateException()
        .isThrownBy(() -> Backends.start(half, null, InstantSource.system()))
        .withMessageContaining("ElasticMQ");

    assertThat(children()).isEqualTo(before);
  }

  private static long children() {
    return ProcessHandle.current().children().filter(ProcessHandle::isAlive).count();
  }

  @Test
  void allTablesAndQueuesExist() {
    assertThat(direct.listTables().tableNames())
        .containsExactlyInAnyOrderElementsOf(Stream.of(Table.values()).map(Table::title).toList());
    assertThat(sqs.listQueues().queueUrls())
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(Queue.values())
                .flatMap(
                    queue -> Stream.of(backends.queueUrl(queue), backends.deadLetterUrl(queue)))
                .toList());
  }

  @Test
  void aGrantedWriteIsCarriedOutAndItsConditionHolds() {
    Map<String, AttributeValue> item = item("granted");
    try (DynamoDbClient client = dynamoDb(gateway("RecordEvents").uri())) {
      client.putItem(
          put ->
              put.tableName("People").item(item).conditionExpression("attribute_not_exists(pk)"));

      assertThatExceptionOfType(ConditionalCheckFailedException.class)
          .isThrownBy(
              () ->
                  client.putItem(
                      put ->
                          put.tableName("People")
                              .item(item)
                              .conditionExpression("attribute_not_exists(pk)")));
      assertThat(client.getItem(get -> get.tableName("People").key(item)).item()).isEqualTo(item);
    }
  }

  @Test
  void aTransactionOfGrantedPartsIsCarriedOutAsAWhole() {
    TransactWriteItem claim =
        TransactWriteItem.builder().put(put -> put.tableName("Sends").item(item("claim"))).build();
    TransactWriteItem check =
        TransactWriteItem.builder()
            .conditionCheck(
                part ->
                    part.tableName("People")
                        .key(item("nobody"))
                        .conditionExpression("attribute_exists(pk)"))
            .build();
    try (DynamoDbClient client = dynamoDb(gateway("SendMessage").uri())) {
      assertThatExceptionOfType(TransactionCanceledException.class)
          .isThrownBy(() -> client.transactWriteItems(all -> all.transactItems(claim, check)))
          .satisfies(
              e ->
                  assertThat(e.cancellationReasons().get(1).code())
                      .isEqualTo("ConditionalCheckFailed"));
      assertThat(direct.getItem(get -> get.tableName("Sends").key(item("claim"))).hasItem())
          .isFalse();

      client.transactWriteItems(all -> all.transactItems(claim));
      assertThat(direct.getItem(get -> get.tableName("Sends").key(item("claim"))).hasItem())
          .isTrue();
    }
  }

  @Test
  void callsAndCapacityUnitsAreCounted() {
    Gateway gateway = gateway("ManageContent");
    TransactWriteItem write =
        TransactWriteItem.builder()
            .put(put -> put.tableName("Definitions").item(item("a")))
            .build();
    try (DynamoDbClient client = dynamoDb(gateway.uri())) {
      client.putItem(put -> put.tableName("Definitions").item(item("b")));
      client.putItem(put -> put.tableName("Definitions").item(item("c")));
      client.getItem(get -> get.tableName("Definitions").key(item("b")));
      client.transactWriteItems(all -> all.transactItems(write));
    }

    assertThat(gateway.callsByAction())
        .isEqualTo(
            Map.of(
                "dynamodb:PutItem", 2L, "dynamodb:GetItem", 1L, "dynamodb:TransactWriteItems", 1L));
  }

  @Test
  void aFunctionThatDiesAfterAWriteHasWritten() {
    Gateway gateway = gateway("EvaluateProfile");
    gateway.crash(Crash.after(1));
    try (DynamoDbClient client = dynamoDb(gateway.uri())) {
      assertThatExceptionOfType(DynamoDbException.class)
          .isThrownBy(() -> client.putItem(put -> put.tableName("People").item(item("after"))));

      gateway.revive();
      gateway.crash(Crash.before(1));
      assertThatExceptionOfType(DynamoDbException.class)
          .isThrownBy(() -> client.putItem(put -> put.tableName("People").item(item("before"))));
    }

    assertThat(direct.getItem(get -> get.tableName("People").key(item("after"))).hasItem())
        .isTrue();
    assertThat(direct.getItem(get -> get.tableName("People").key(item("before"))).hasItem())
        .isFalse();
  }

  @Test
  void aBatchSentThroughAGatewayIsReceived() {
    Gateway gateway = gateway("AcceptEvents");
    List<SendMessageBatchRequestEntry> entries =
        IntStream.range(0, 10)
            .mapToObj(
                i ->
                    SendMessageBatchRequestEntry.builder()
                        .id("m" + i)
                        .messageBody("body " + i)
                        .build())
            .toList();
    try (SqsClient client = Sdk.client(SqsClient.builder(), gateway.uri())) {
      String url = gateway.variables().get("QUEUE_EVENTS");
      assertThat(client.sendMessageBatch(batch -> batch.queueUrl(url).entries(entries)).failed())
          .isEmpty();
    }

    assertThat(receive(backends.queueUrl(Queue.EVENTS)))
        .extracting(Message::body)
        .containsExactlyInAnyOrderElementsOf(
            entries.stream().map(SendMessageBatchRequestEntry::messageBody).toList());
  }

  @Test
  void aMessageThatIsNeverDeletedEndsInTheDeadLetterQueue() {
    String url = backends.queueUrl(Queue.MESSAGES);
    sqs.sendMessage(message -> message.queueUrl(url).messageBody("poison"));

    for (int i = 0; i < Queue.MAX_RECEIVES; i++) {
      assertThat(receive(url)).extracting(Message::body).containsExactly("poison");
    }
    assertThat(receive(url)).isEmpty();

    assertThat(receive(backends.deadLetterUrl(Queue.MESSAGES)))
        .extracting(Message::body)
        .containsExactly("poison");
  }

  @Test
  void tablesInAFolderOutliveTheProcess(@TempDir Path data) {
    try (Backends first = Backends.start(LIBRARIES, data, InstantSource.system());
        DynamoDbClient client = dynamoDb(first.dynamoDb())) {
      client.putItem(put -> put.tableName("People").item(item("kept")));
    }
    try (Backends second = Backends.start(LIBRARIES, data, InstantSource.system());
        DynamoDbClient client = dynamoDb(second.dynamoDb())) {
      assertThat(client.getItem(get -> get.tableName("People").key(item("kept"))).hasItem())
          .isTrue();
    }
  }

  @Test
  void missingLibrariesAreSaidInOneLine(@TempDir Path empty) {
    assertThatIllegalStateException()
        .isThrownBy(() -> Backends.start(empty, null, InstantSource.system()))
        .withMessageStartingWith("DynamoDB Local did not start: ")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  /** Receives without hiding, so that the next call receives again. */
  private List<Message> receive(String url) {
    return sqs.receiveMessage(
            receive -> receive.queueUrl(url).maxNumberOfMessages(10).visibilityTimeout(0))
        .messages();
  }

  private static Map<String, AttributeValue> item(String key) {
    return Map.of("pk", AttributeValue.fromS(key), "sk", AttributeValue.fromS("-"));
  }

  private static DynamoDbClient dynamoDb(URI endpoint) {
    return Sdk.client(DynamoDbClient.builder(), endpoint);
  }

  private Gateway gateway(String name) {
    Function function =
        Topology.functions().stream()
            .filter(candidate -> candidate.name().equals(name))
            .findFirst()
            .orElseThrow();
    return backends.gateway(function);
  }
}
