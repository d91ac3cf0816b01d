package dev.perennial.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import com.segment.analytics.Analytics;
import com.segment.analytics.Callback;
import com.segment.analytics.messages.AliasMessage;
import com.segment.analytics.messages.GroupMessage;
import com.segment.analytics.messages.IdentifyMessage;
import com.segment.analytics.messages.Message;
import com.segment.analytics.messages.PageMessage;
import com.segment.analytics.messages.ScreenMessage;
import com.segment.analytics.messages.TrackMessage;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Segment's own Java client, unchanged, pointed at the platform. */
class SegmentClientIT {

  @Test
  void eachKindOfCallArrives() throws InterruptedException {
    try (PlatformUnderTest platform = PlatformUnderTest.start()) {
      PlatformClient client = platform.client();
      CountDownLatch delivered = new CountDownLatch(6);
      List<Throwable> failures = new CopyOnWriteArrayList<>();
      Analytics analytics =
          Analytics.builder("wk_local")
              .endpoint(client.uri().toString())
              .flushInterval(2, TimeUnit.SECONDS)
              .callback(
                  new Callback() {
                    @Override
                    public void success(Message message) {
                      delivered.countDown();
                    }

                    @Override
                    public void failure(Message message, Throwable cause) {
                      failures.add(cause);
                      delivered.countDown();
                    }
                  })
              .build();

      analytics.enqueue(
          IdentifyMessage.builder()
              .userId("ada")
              .anonymousId("visitor-1")
              .traits(Map.of("email", "Ada@Example.com", "plan", "pro")));
      analytics.enqueue(
          TrackMessage.builder("Order Completed").userId("ada").properties(Map.of("total", 29.5)));
      analytics.enqueue(PageMessage.builder("Home").userId("ada").properties(Map.of("path", "/")));
      analytics.enqueue(ScreenMessage.builder("Cart").userId("ada"));
      analytics.enqueue(
          GroupMessage.builder("acme").userId("ada").traits(Map.of("industry", "books")));
      analytics.enqueue(AliasMessage.builder("visitor-0").userId("ada"));
      analytics.flush();

      assertThat(delivered.await(60, TimeUnit.SECONDS)).isTrue();
      analytics.shutdown();
      assertThat(failures).isEmpty();
      client.awaitIdle();
      Fields profile = client.profile("userId:ada").ok().body();
      assertThat(profile.at("traits.plan")).isEqualTo(new Text("pro"));
      assertThat(client.profile("email:ada@example.com").text("id")).isEqualTo(profile.text("id"));
      assertThat(client.profile("anonymousId:visitor-0").text("id")).isEqualTo(profile.text("id"));
      assertThat(client.profile("anonymousId:visitor-1").text("id")).isEqualTo(profile.text("id"));
      assertThat(client.get("/v1/profiles/" + profile.text("id") + "/history").items())
          .extracting(item -> item.text("type"))
          .containsExactlyInAnyOrder("identify", "track", "page", "screen", "group", "alias");
      assertThat(client.get("/v1/insights/totals").body().get("events")).isEqualTo(Num.of(6));
    }
  }
}
