package dev.perennial.local.queues;

import static dev.perennial.local.Json.JSON;

import dev.perennial.topology.Queue;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The event that Lambda makes of a batch of messages, and the answer it expects.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html">Using Lambda with
 *     Amazon SQS</a>
 */
final class SqsEnvelope {

  private static final String REGION = "us-east-1";

  private SqsEnvelope() {}

  static byte[] of(Queue queue, List<Message> batch) {
    ObjectNode event = JSON.createObjectNode();
    ArrayNode records = event.putArray("Records");
    for (Message message : batch) {
      ObjectNode entry = records.addObject();
      entry.put("messageId", message.messageId());
      entry.put("receiptHandle", message.receiptHandle());
      entry.put("body", message.body());
      ObjectNode attributes = entry.putObject("attributes");
      message.attributesAsStrings().forEach(attributes::put);
      ObjectNode messageAttributes = entry.putObject("messageAttributes");
      message
          .messageAttributes()
          .forEach((name, value) -> attribute(messageAttributes.putObject(name), value));
      entry.put("md5OfBody", message.md5OfBody());
      entry.put("eventSource", "aws:sqs");
      entry.put("eventSourceARN", "arn:aws:sqs:" + REGION + ":000000000000:" + queue.title());
      entry.put("awsRegion", REGION);
    }
    return JSON.writeValueAsBytes(event);
  }

  /**
   * Ids of the messages that failed. An empty answer means none; an empty or unknown id means all,
   * as Lambda takes it.
   *
   * @param answer what the function gave, as JSON
   */
  static Set<String> failures(byte[] answer, Set<String> batch) {
    JsonNode items = answer.length == 0 ? null : JSON.readTree(answer).path("batchItemFailures");
    Set<String> failed = new LinkedHashSet<>();
    if (items != null) {
      items.forEach(item -> failed.add(item.path("itemIdentifier").asString("")));
    }
    return batch.containsAll(failed) ? failed : new HashSet<>(batch);
  }

  private static void attribute(ObjectNode json, MessageAttributeValue value) {
    json.put("dataType", value.dataType());
    if (value.stringValue() != null) {
      json.put("stringValue", value.stringValue());
    }
    if (value.binaryValue() != null) {
      json.put("binaryValue", value.binaryValue().asByteArray());
    }
    json.putArray("stringListValues");
    json.putArray("binaryListValues");
  }
}
