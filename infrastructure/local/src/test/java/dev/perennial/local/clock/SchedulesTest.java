package dev.perennial.local.clock;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import java.io.ByteArrayInputStream;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SchedulesTest {

  @Test
  void makesAnEventThatLambdaReads() {
    byte[] json = Schedules.event("LifecycleTick", Instant.parse("2026-03-01T12:01:00Z"));

    ScheduledEvent event =
        LambdaEventSerializers.serializerFor(
                ScheduledEvent.class, ScheduledEvent.class.getClassLoader())
            .fromJson(new ByteArrayInputStream(json));

    assertThat(event.getTime().toInstant().getMillis())
        .isEqualTo(Instant.parse("2026-03-01T12:01:00Z").toEpochMilli());
    assertThat(event.getDetailType()).isEqualTo("Scheduled Event");
    assertThat(event.getResources())
        .containsExactly("arn:aws:events:us-east-1:000000000000:rule/LifecycleTick");
  }
}
