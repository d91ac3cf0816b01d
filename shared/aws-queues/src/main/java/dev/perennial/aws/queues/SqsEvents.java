package dev.perennial.aws.queues;

import dev.perennial.domain.Publisher;
import dev.perennial.domain.event.Event;
import dev.perennial.json.EventCodec;
import java.util.Collection;
import java.util.List;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Publishes events to the queue {@code events}, those of one owner together. */
public final class SqsEvents implements Publisher<Event> {

  private final SqsPublisher<String> messages;

  public SqsEvents(SqsClient sqs, String queueUrl) {
    this.messages = new SqsPublisher<>(sqs, queueUrl, message -> message);
  }

  @Override
  public void publish(Collection<? extends Event> news) {
    messages.publish(EventCodec.messages(List.copyOf(news)));
  }
}
