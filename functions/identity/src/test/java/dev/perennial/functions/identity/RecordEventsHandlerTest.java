package dev.perennial.functions.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import dev.perennial.testkit.Envelope;
import dev.perennial.testkit.Invocation;
import org.junit.jupiter.api.Test;

class RecordEventsHandlerTest {

  private final Stores stores = new Stores();
  private final RecordEventsHandler handler = new RecordEventsHandler(stores.recordEvents());

  @Test
  void eventsBecomePeople() {
    SQSBatchResponse response = handle("two-people");

    assertThat(Envelope.write(SQSBatchResponse.class, response))
        .isEqualTo("{\"batchItemFailures\":[]}");
    assertThat(stores.people.all()).hasSize(2);
    assertThat(stores.changes).hasSize(2);
  }

  @Test
  void aPoisonedMessageFailsAlone() {
    SQSBatchResponse response = handle("one-poisoned");

    assertThat(response.getBatchItemFailures())
        .extracting(SQSBatchResponse.BatchItemFailure::getItemIdentifier)
        .containsExactly("00000001-0000-4000-8000-000000000000");
    assertThat(stores.people.all()).hasSize(1);
  }

  private SQSBatchResponse handle(String sample) {
    return handler.handleRequest(
        Envelope.read(SQSEvent.class, "record-events/" + sample + ".json"), new Invocation());
  }
}
