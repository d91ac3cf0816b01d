package dev.perennial.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A segment meets the people who were there before it, and lets them go when it is gone. */
class BackfillIT {

  private static final String BUYERS = "/v1/segments/buyers";
  private static final String ONE = "{\"event\":\"Order Completed\"}";
  private static final String TWO = "{\"event\":\"Order Completed\",\"count\":{\"gte\":2}}";

  private PlatformUnderTest platform;
  private PlatformClient client;

  @BeforeEach
  void start() {
    platform = PlatformUnderTest.start();
    client = platform.client();
    client.clock(Instant.parse("2026-03-01T09:00:00Z"));
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  @Test
  void everybodyIsInWhoBelongsThereAndNobodyElse() {
    client
        .put("/v1/content/thanks", "{\"email\":{\"subject\":\"Thanks\",\"text\":\"Thanks.\"}}")
        .ok();
    order("m", 0, 300);
    order("n", 0, 100);

    define(ONE);
    assertState(300, 1);
    journey();
    define(TWO);
    assertState(100, 2);

    // Whoever was there already is no news to journeys; who comes is.
    order("o", 100, 101);
    assertThat(client.inbox())
        .extracting(message -> message.text("to"))
        .containsExactly("u100@example.com");
    assertState(101, 2);
  }

  @Test
  void anEventAtTheInstantAtWhichItsSegmentWasMadeStartsAJourney() {
    client
        .put("/v1/content/thanks", "{\"email\":{\"subject\":\"Thanks\",\"text\":\"Thanks.\"}}")
        .ok();
    client.put(BUYERS, "{\"where\":" + ONE + "}").ok();
    journey();
    client.awaitIdle();

    ingest("i", 0, 3);
    client.awaitIdle();

    assertThat(client.inbox()).hasSize(3);
  }

  @Test
  void eventsGoOnMeanwhile() {
    order("m", 0, 200);

    client.put(BUYERS, "{\"where\":" + TWO + "}").ok();
    for (int from = 0; from < 200; from += 20) {
      ingest("n", from, from + 20);
    }
    pass();

    assertState(200, 1);
  }

  @Test
  void aSegmentThatIsMadeAnewHasNoStaleMembers() {
    order("m", 0, 50);
    order("n", 0, 10);
    define(ONE);
    client.delete(BUYERS).ok();
    assertThat(client.get(BUYERS).status()).isEqualTo(404);
    define(TWO);

    assertState(10, 2);
    client.delete(BUYERS).ok();
    client.awaitIdle();
    assertThat(client.profile("userId:u0").ok().body().get("segments"))
        .isEqualTo(new Value.Items(List.of()));
  }

  @Test
  void listsAndAnswersDecideToo() {
    order("m", 0, 3);
    client.put("/v1/segments/guests", "{\"members\":\"imported\"}").ok();
    client.put("/v1/tags/invited", "{\"dimension\":\"attribute\",\"members\":\"imported\"}").ok();
    define("{\"all\":[{\"segment\":\"guests\"},{\"tag\":\"feedback:nps\",\"is\":\"9\"}]}");

    Fields answer =
        client
            .post(
                "/v1/segments/guests/import",
                "userId,email\nu0,\n,u1@example.com\nu2,\nnobody,\nnull,\n")
            .ok()
            .body();
    assertThat(answer.get("people")).isEqualTo(Value.Num.of(3));
    assertThat(answer.get("unknown")).isEqualTo(Value.Num.of(1));
    // The clock stands still: what is asked for last counts.
    client.post("/v1/segments/guests/members", "{\"remove\":[\"userId:u2\"]}").ok();
    client.post("/v1/tags/invited/import", "identifier\nuserId:u1\n").ok();
    client
        .ingest(
            "/v1/batch",
            """
            {"batch":[
             {"type":"track","messageId":"f1","userId":"u1","event":"Feedback Given",
              "properties":{"topic":"nps","answer":"9"}},
             {"type":"track","messageId":"f2","userId":"u2","event":"Feedback Given",
              "properties":{"topic":"nps","answer":"9"}}]}\
            """)
        .ok();
    client.awaitIdle();

    assertThat(client.get("/v1/segments/guests").ok().number("size")).isEqualTo(2);
    assertState(1, 1);
    Fields profile = client.profile("userId:u1").ok().body();
    assertThat(client.get(BUYERS + "/members").ok().items().getFirst().text("id"))
        .isEqualTo(profile.text("id"));
    assertThat(((Fields) profile.get("tags")).fields().keySet())
        .contains("feedback:nps", "invited", "new");
    assertThat(
            client.get(BUYERS + "/explain?profile=" + profile.text("id")).ok().body().get("holds"))
        .isEqualTo(new Value.Bool(true));

    assertThat(client.delete("/v1/segments/guests").status()).isEqualTo(409);
    client.delete(BUYERS).ok();
    client.delete("/v1/segments/guests").ok();
    // At once, though not everybody has met that yet.
    assertThat(client.profile("userId:u1").ok().body().get("segments"))
        .isEqualTo(new Value.Items(List.of()));
    client.awaitIdle();
  }

  @Test
  void rulesGiveTagsAndAnEditOfThemMeetsEverybody() {
    client
        .put("/v1/content/thanks", "{\"email\":{\"subject\":\"Thanks\",\"text\":\"Thanks.\"}}")
        .ok();
    order("m", 0, 3);
    order("n", 0, 1);
    client
        .put(
            "/v1/tags/regular",
            "{\"dimension\":\"value\",\"where\":{\"computed\":\"orders\",\"gte\":2}}")
        .ok();
    define("{\"all\":[{\"tag\":\"regular\"},{\"stage\":\"repurchase\"}]}");
    assertState(1, 1);
    assertThat(client.get("/v1/tags/regular").ok().number("size")).isEqualTo(1);
    journey("{\"tag\":\"regular\",\"on\":\"entered\"}");

    order("o", 1, 2);

    assertState(2, 1);
    Fields profile = client.profile("userId:u1").ok().body();
    assertThat(((Fields) profile.get("tags")).fields().keySet())
        .containsExactlyInAnyOrder("new", "regular", "repeat-buyer");
    assertThat(profile.text("stage")).isEqualTo("repurchase");
    assertThat(client.inbox())
        .extracting(message -> message.text("to"))
        .containsExactly("u1@example.com");

    // What the words mean changes for everybody who has bought.
    client
        .put("/v1/traits/orders", "{\"value\":{\"plus\":[1,{\"event\":\"Order Completed\"}]}}")
        .ok();
    client
        .put(
            "/v1/lifecycle",
            """
            {"newFor":"P1D","activeFor":"P2D","dormantAfter":"P3D",
             "stages":{"repurchase":{"event":"Order Completed"}}}\
            """)
        .ok();
    client.awaitIdle();
    assertState(3, 2);
    pass();
    client.delete("/v1/traits/orders").ok();
    client.awaitIdle();
    assertState(2, 2);
    client.advance(Duration.ofDays(4));
    assertThat(client.profile("userId:u0").ok().body().text("lifecycle")).isEqualTo("dormant");
  }

  @Test
  void whatPeopleDecideAndWhatBouncesMovesThem() {
    order("m", 0, 2);
    define(
        """
        {"any":[{"consent":{"channel":"email","topic":"marketing"},"is":"denied"},
                {"channel":"email","reachable":false}]}\
        """);
    assertState(0, 1);

    String id = client.profile("userId:u0").ok().text("id");
    client
        .post("/v1/profiles/" + id + "/consent", "{\"channel\":\"email\",\"is\":\"denied\"}")
        .ok();
    client.awaitIdle();
    assertState(1, 1);
    client
        .ingest(
            "/v1/track",
            """
            {"messageId":"c1","userId":"u1","event":"Consent Changed",
             "properties":{"channel":"email","topic":"marketing","is":"denied"}}\
            """)
        .ok();
    client.awaitIdle();
    assertState(2, 1);
    client
        .post("/v1/profiles/" + id + "/consent", "{\"channel\":\"email\",\"is\":\"granted\"}")
        .ok();
    client.awaitIdle();
    assertState(1, 1);
  }

  @Test
  void customersAreScoredAgainEachNight() {
    for (int i = 0; i < 10; i++) {
      client
          .ingest(
              "/v1/track",
              "{\"userId\":\"u%1$d\",\"event\":\"Order Completed\",\"properties\":{\"total\":%1$d}}"
                  .formatted(i))
          .ok();
    }
    pass();
    define("{\"rfm\":{\"m\":{\"is\":5}}}");
    assertState(2, 1);
    Fields best = client.profile("userId:u9").ok().body();
    assertThat(best.at("rfm.m")).isEqualTo(Value.Num.of(5));
    assertThat(best.text("tier")).isNotNull();

    // Whoever orders most by noon is among the best at once; the fifths move at midnight.
    for (int i = 0; i < 3; i++) {
      client
          .ingest(
              "/v1/track",
              "{\"userId\":\"u%1$d\",\"event\":\"Order Completed\",\"properties\":{\"total\":90}}"
                  .formatted(i))
          .ok();
    }
    pass();
    assertState(5, 1);
    client.advance(Duration.ofDays(1));
    assertState(2, 1);
  }

  private void define(String where) {
    client.put(BUYERS, "{\"where\":" + where + "}").ok();
    client.awaitIdle();
  }

  private void assertState(int size, int version) {
    PlatformClient.Answer segment = client.get(BUYERS).ok();
    assertThat(segment.text("status")).isEqualTo("ready");
    assertThat(segment.number("progress")).isEqualTo(1);
    assertThat(segment.number("size")).isEqualTo(size);
    assertThat(segment.number("version")).isEqualTo(version);
    int members = 0;
    String cursor = "";
    do {
      PlatformClient.Answer page = client.get(BUYERS + "/members?limit=200" + cursor).ok();
      members += page.items().size();
      cursor = page.body().text("cursor") == null ? "" : "&cursor=" + page.text("cursor");
    } while (!cursor.isEmpty());
    assertThat(members).isEqualTo(size);
  }

  private void order(String round, int from, int to) {
    ingest(round, from, to);
    pass();
  }

  private void pass() {
    client.advance(Duration.ofMinutes(1));
  }

  private void ingest(String round, int from, int to) {
    List<String> events =
        IntStream.range(from, to)
            .mapToObj(
                i ->
                    """
                    {"type":"track","messageId":"%1$s%2$d","userId":"u%2$d","event":"Order Completed",
                     "context":{"traits":{"email":"u%2$d@example.com"}}}\
                    """
                        .formatted(round, i))
            .toList();
    Fields answer =
        client.ingest("/v1/batch", "{\"batch\":[" + String.join(",", events) + "]}").ok().body();
    assertThat(Objects.requireNonNull(answer.get("success"))).isEqualTo(new Value.Bool(true));
  }

  private void journey() {
    journey("{\"segment\":\"buyers\",\"on\":\"entered\"}");
  }

  private void journey(String trigger) {
    client
        .put(
            "/v1/journeys/thanks",
            """
            {"name":"Thanks","trigger":%s,
             "steps":[{"id":"mail","send":{"content":"thanks","channels":["email"]}}]}\
            """
                .formatted(trigger))
        .ok();
    client.post("/v1/journeys/thanks/launch", "").ok();
  }
}
