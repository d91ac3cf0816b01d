package dev.perennial.local.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.perennial.domain.value.Value.Fields;
import dev.perennial.local.meter.Meter;
import dev.perennial.local.providers.Providers;
import dev.perennial.topology.Function;
import dev.perennial.topology.Topology;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.pinpoint.PinpointClient;
import software.amazon.awssdk.services.pinpoint.model.PinpointException;
import software.amazon.awssdk.services.sesv2.SesV2Client;
import software.amazon.awssdk.services.sesv2.model.SesV2Exception;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SqsException;

/**
 * What a gateway settles by itself: nothing listens behind this one, so whatever is let through
 * answers 503.
 */
class GatewayTest {

  private static final Map<String, AttributeValue> KEY =
      Map.of("pk", AttributeValue.fromS("a"), "sk", AttributeValue.fromS("b"));

  private final JsonProtocol nobody = new JsonProtocol(URI.create("http://127.0.0.1:9"), "None");
  private final Gateway gateway = gateway("RecordEvents");
  private final DynamoDbClient dynamoDb = Sdk.client(DynamoDbClient.builder(), gateway.uri());
  private final SqsClient sqs = Sdk.client(SqsClient.builder(), gateway.uri());

  @AfterEach
  void close() {
    dynamoDb.close();
    sqs.close();
    gateway.close();
    nobody.close();
  }

  @Test
  void anActionThatIsNotGrantedIsDenied() {
    assertThatExceptionOfType(DynamoDbException.class)
        .isThrownBy(() -> dynamoDb.scan(scan -> scan.tableName("People")))
        .satisfies(
            e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("AccessDeniedException"))
        .withMessageContaining(
            "User: local/RecordEvents is not authorized to perform: dynamodb:Scan on resource:"
                + " People");
  }

  @Test
  void aGrantedActionOnAnotherTableIsDenied() {
    assertThatExceptionOfType(DynamoDbException.class)
        .isThrownBy(() -> dynamoDb.putItem(put -> put.tableName("Sends").item(KEY)))
        .withMessageContaining("dynamodb:PutItem on resource: Sends");
  }

  @Test
  void whatIsGrantedIsLetThrough() {
    assertThatExceptionOfType(DynamoDbException.class)
        .isThrownBy(() -> dynamoDb.getItem(get -> get.tableName("People").key(KEY)))
        .satisfies(e -> assertThat(e.statusCode()).isEqualTo(503));
  }

  @Test
  void oneDeniedPartDeniesAWholeTransaction() {
    TransactWriteItem put =
        TransactWriteItem.builder().put(part -> part.tableName("People").item(KEY)).build();
    TransactWriteItem delete =
        TransactWriteItem.builder().delete(part -> part.tableName("History").key(KEY)).build();

    assertThatExceptionOfType(DynamoDbException.class)
        .isThrownBy(() -> dynamoDb.transactWriteItems(all -> all.transactItems(put, delete)))
        .withMessageContaining("dynamodb:DeleteItem on resource: History");
  }

  @Test
  void aConditionCheckIsAPermissionOfItsOwn() {
    TransactWriteItem check =
        TransactWriteItem.builder()
            .conditionCheck(
                part ->
                    part.tableName("History").key(KEY).conditionExpression("attribute_exists(pk)"))
            .build();

    assertThatExceptionOfType(DynamoDbException.class)
        .isThrownBy(() -> dynamoDb.transactWriteItems(all -> all.transactItems(check)))
        .withMessageContaining("dynamodb:ConditionCheckItem on resource: History");
  }

  @Test
  void aBatchNeedsItsActionOnEachTable() {
    KeysAndAttributes keys = KeysAndAttributes.builder().keys(List.of(KEY)).build();

    assertThatExceptionOfType(DynamoDbException.class)
        .isThrownBy(
            () ->
                dynamoDb.batchGetItem(
                    batch -> batch.requestItems(Map.of("People", keys, "History", keys))))
        .withMessageContaining("dynamodb:BatchGetItem on resource: History");
  }

  @Test
  void anotherQueueIsDenied() {
    String url = gateway.variables().get("QUEUE_TRIGGERS").replace("triggers", "messages");

    assertThatExceptionOfType(SqsException.class)
        .isThrownBy(() -> sqs.sendMessage(message -> message.queueUrl(url).messageBody("x")))
        .satisfies(e -> assertThat(e.awsErrorDetails().errorCode()).contains("AccessDenied"))
        .withMessageContaining("sqs:SendMessage on resource: messages");
  }

  @Test
  void receivingIsDenied() {
    String url = gateway.variables().get("QUEUE_TRIGGERS");

    assertThatExceptionOfType(SqsException.class)
        .isThrownBy(() -> sqs.receiveMessage(receive -> receive.queueUrl(url)))
        .withMessageContaining("sqs:ReceiveMessage on resource: triggers");
  }

  @Test
  void providersAreDeniedToWhoeverDoesNotSend() {
    try (PinpointClient pinpoint = Sdk.client(PinpointClient.builder(), gateway.uri());
        SesV2Client ses = Sdk.client(SesV2Client.builder(), gateway.uri())) {
      assertThatExceptionOfType(PinpointException.class)
          .isThrownBy(
              () -> pinpoint.sendMessages(send -> send.applicationId("a").messageRequest(_ -> {})))
          .satisfies(e -> assertThat(e.statusCode()).isEqualTo(403))
          .withMessageContaining("mobiletargeting:SendMessages");
      assertThatExceptionOfType(SesV2Exception.class)
          .isThrownBy(() -> ses.sendEmail(_ -> {}))
          .satisfies(
              e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("AccessDeniedException"))
          .withMessageContaining("ses:SendEmail");
    }
  }

  @Test
  void aFunctionIsToldOnlyWhatItIsGranted() {
    assertThat(gateway.variables())
        .containsEntry("TABLE_PEOPLE", "People")
        .containsEntry("DEFINITIONS_FRESH_FOR", "PT0S")
        .containsEntry("QUEUE_TRIGGERS", gateway.uri() + "/000000000000/triggers")
        .doesNotContainKeys(
            "TABLE_SENDS", "QUEUE_MESSAGES", "EMAIL_FROM", "PINPOINT_APPLICATION_ID");
    try (Gateway sender = gateway("SendMessage")) {
      assertThat(sender.variables())
          .containsKeys("EMAIL_FROM", "SES_CONFIGURATION_SET", "PINPOINT_APPLICATION_ID");
    }
  }

  @Test
  void aDeadFunctionIsRefusedAllUntilItIsRevived() {
    gateway.crash(Crash.before(2));

    assertThatExceptionOfType(DynamoDbException.class).isThrownBy(this::call);
    assertThat(gateway.crashed()).isFalse();
    assertThatExceptionOfType(DynamoDbException.class)
        .isThrownBy(this::call)
        .withMessageContaining("has crashed");
    assertThat(gateway.crashed()).isTrue();
    assertThatExceptionOfType(DynamoDbException.class)
        .isThrownBy(this::call)
        .withMessageContaining("has crashed");

    gateway.revive();
    assertThatExceptionOfType(DynamoDbException.class).isThrownBy(this::call);
    assertThat(gateway.callsByAction()).isEqualTo(Map.of("dynamodb:Scan", 4L));
  }

  private void call() {
    dynamoDb.scan(scan -> scan.tableName("People"));
  }

  private Gateway gateway(String name) {
    Function function =
        Topology.functions().stream()
            .filter(candidate -> candidate.name().equals(name))
            .findFirst()
            .orElseThrow();
    return Gateway.start(
        function,
        nobody,
        nobody,
        new Providers(InstantSource.system()),
        new Meter((_, _) -> Fields.EMPTY),
        new Unsettled(),
        "http://localhost");
  }
}
