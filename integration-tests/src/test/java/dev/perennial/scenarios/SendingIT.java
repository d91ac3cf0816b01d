package dev.perennial.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** When a message goes, when it waits, and when it does not go, over HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SendingIT {

  private final PlatformUnderTest platform = PlatformUnderTest.start();
  private final PlatformClient client = platform.client();
  private Instant day = Instant.parse("2026-03-01T00:00:00Z");

  SendingIT() {
    client.clock(day);
    client.put("/v1/content/hello", "{\"email\":{\"subject\":\"Hello\",\"text\":\"Hi.\"}}").ok();
    client
        .put(
            "/v1/journeys/hello",
            """
            {"name":"Hello","trigger":{"event":"Greeted"},"reentry":"always",
             "steps":[{"id":"mail","send":{"content":"hello","channels":["email"],"expiresAfter":"P1D"}}]}\
            """)
        .ok();
    client.post("/v1/journeys/hello/launch", "").ok();
  }

  @AfterAll
  void close() {
    platform.close();
  }

  @BeforeEach
  void tomorrow() {
    day = day.plus(Duration.ofDays(2));
    client.put("/v1/settings", "{}").ok();
    client.clock(day.plus(Duration.ofHours(12)));
  }

  private void greet(String user, String zone, int time) {
    client
        .ingest(
            "/v1/batch",
            """
            {"batch":[{"type":"identify","messageId":"i%2$d","userId":"%1$s","traits":{"email":"%1$s@example.com"},
              "context":{"timezone":"%3$s"}},
             {"type":"track","messageId":"t%2$d","userId":"%1$s","event":"Greeted"}]}\
            """
                .formatted(user, time, zone))
        .ok();
    client.awaitIdle();
  }

  private int messages(String user) {
    return client.inbox(user + "@example.com").size();
  }

  private String id(String user) {
    return client.profile("userId:" + user).ok().text("id");
  }

  private String why(String user) {
    Fields answer = client.get("/v1/profiles/" + id(user) + "/why?journey=hello").ok().body();
    List<Value> words = ((Items) Optional.ofNullable(answer.get("why")).orElseThrow()).items();
    return ((Text) words.getFirst()).text();
  }

  @Test
  void atNightItWaitsForTheirMorning() {
    greet("tokyo", "Asia/Tokyo", 1); // 21:00 there

    assertThat(messages("tokyo")).isZero();
    assertThat(why("tokyo")).contains("waits until").contains("Asia/Tokyo");
    client.advance(Duration.ofHours(10).plusMinutes(59));
    assertThat(messages("tokyo")).isZero();
    client.advance(Duration.ofMinutes(1));
    assertThat(messages("tokyo")).isEqualTo(1);
    assertThat(why("tokyo")).startsWith("\"hello\" was sent by email");
  }

  @Test
  void aPauseHoldsAndADrainedBacklogSendsNoStaleNews() {
    client.post("/v1/sending/pause", "{\"channel\":\"email\"}").ok();
    greet("held", "UTC", 1);
    client.advance(Duration.ofHours(1));
    assertThat(messages("held")).isZero();
    assertThat(why("held")).contains("a pause");
    client.post("/v1/sending/resume", "").ok();
    client.advance(Duration.ofMinutes(10));
    assertThat(messages("held")).isEqualTo(1);

    client.post("/v1/sending/pause", "").ok();
    greet("stale", "UTC", 1);
    client.advance(Duration.ofHours(25));
    client.post("/v1/sending/resume", "").ok();
    client.advance(Duration.ofMinutes(10));
    assertThat(messages("stale")).isZero();
    assertThat(why("stale")).contains("stale");
  }

  @Test
  void oneClickUnsubscribesAndTheNextClaimIsRefused() {
    greet("leaver", "UTC", 1);
    Fields headers = (Fields) client.inbox("leaver@example.com").getFirst().get("headers");
    assertThat(Optional.ofNullable(headers).orElseThrow().text("List-Unsubscribe-Post"))
        .isEqualTo("List-Unsubscribe=One-Click");
    assertThat(headers.text("List-ID")).startsWith("<marketing.");
    String url = Optional.ofNullable(headers.text("List-Unsubscribe")).orElseThrow();
    String path = URI.create(url.substring(1, url.length() - 1)).getPath();

    assertThat(client.get(path).status()).isEqualTo(200);
    greet("leaver", "UTC", 2);
    assertThat(messages("leaver")).isEqualTo(2);
    assertThat(client.post(path + "x", "").status()).isEqualTo(404);
    assertThat(client.post(path, "List-Unsubscribe=One-Click").status()).isEqualTo(200);
    client.advance(Duration.ofMinutes(1));
    greet("leaver", "UTC", 3);
    assertThat(messages("leaver")).isEqualTo(2);
    assertThat(why("leaver")).contains("consent (denied)");
  }

  @Test
  void anAddressThatBouncedOrComplainedGetsNothingMore() {
    for (String mailbox : List.of("bounce", "complaint")) {
      client
          .ingest(
              "/v1/batch",
              """
              {"batch":[{"type":"identify","messageId":"s1","userId":"%1$s",
                "traits":{"email":"%1$s@simulator.amazonses.com"}},
               {"type":"track","messageId":"s2","userId":"%1$s","event":"Greeted"}]}\
              """
                  .formatted(mailbox))
          .ok();
      client.awaitIdle();
      client.advance(Duration.ofMinutes(1));
      client
          .ingest(
              "/v1/track",
              "{\"messageId\":\"s3\",\"userId\":\"" + mailbox + "\",\"event\":\"Greeted\"}")
          .ok();
      client.awaitIdle();

      assertThat(client.inbox(mailbox + "@simulator.amazonses.com")).hasSize(1);
      assertThat(why(mailbox)).contains("a blocked address");
    }
    assertThat(client.profile("userId:bounce").ok().body().get("consent"))
        .isEqualTo(new Items(List.of()));
  }

  @Test
  void whoAnswersStopGetsNoTextMessage() {
    client.put("/v1/content/code", "{\"sms\":{\"body\":\"Hello\"}}").ok();
    client
        .put(
            "/v1/journeys/text",
            """
            {"name":"Text","trigger":{"event":"Texted"},"reentry":"always","topic":"transactional",
             "steps":[{"id":"text","send":{"content":"code","channels":["sms"]}}]}\
            """)
        .ok();
    client.post("/v1/journeys/text/launch", "").ok();
    client
        .post(
            "/v1/identify",
            "{\"messageId\":\"p1\",\"userId\":\"texter\",\"traits\":{\"phone\":\"+4915112345678\"}}")
        .ok();
    client.awaitIdle();
    client
        .post(
            "/v1/profiles/" + id("texter") + "/consent",
            "{\"channel\":\"sms\",\"topic\":\"transactional\",\"is\":\"granted\"}")
        .ok();
    text("1");
    assertThat(client.inbox("+4915112345678")).hasSize(1);
    client
        .post(
            "/local/queues/receipts",
            "{\"originationNumber\":\"+4915112345678\",\"messageBody\":\" 退订。\"}")
        .ok();
    text("2");
    assertThat(client.inbox("+4915112345678")).hasSize(1);
  }

  private void text(String messageId) {
    client.awaitIdle();
    client
        .post(
            "/v1/track",
            "{\"messageId\":\"" + messageId + "\",\"userId\":\"texter\",\"event\":\"Texted\"}")
        .ok();
    client.awaitIdle();
  }

  @Test
  void whatAMembershipStartsSpendsOfTheWriteKeyBehindIt() {
    client.put("/v1/settings", "{\"perWriteKeyPerHour\":{\"email\":1}}").ok();
    client.put("/v1/segments/visitors", "{\"where\":{\"event\":\"Visited\"}}").ok();
    client
        .put(
            "/v1/journeys/visitors",
            """
            {"name":"Visitors","trigger":{"segment":"visitors"},
             "steps":[{"id":"mail","send":{"content":"hello","channels":["email"]}}]}\
            """)
        .ok();
    client.post("/v1/journeys/visitors/launch", "").ok();
    client.awaitIdle();
    for (String user : List.of("pumped1", "pumped2")) {
      client
          .ingest(
              "/v1/track",
              """
              {"userId":"%1$s","event":"Visited","context":{"traits":{"email":"%1$s@example.com"}}}\
              """
                  .formatted(user))
          .ok();
      client.awaitIdle();
    }

    assertThat(messages("pumped1")).isEqualTo(1);
    assertThat(messages("pumped2")).isZero();
    Fields answer =
        client.get("/v1/profiles/" + id("pumped2") + "/why?journey=visitors").ok().body();
    assertThat(answer.get("why").toString())
        .contains("a limit against misuse (at most 1 an hour by events of the key ");
    client.advance(Duration.ofHours(1));
    assertThat(messages("pumped2")).isEqualTo(1);
  }

  @Test
  void aCapAndADenialAreSaidInWords() {
    client
        .put("/v1/settings", "{\"caps\":[{\"channel\":\"email\",\"per\":\"day\",\"most\":1}]}")
        .ok();
    greet("capped", "UTC", 1);
    greet("capped", "UTC", 2);
    assertThat(messages("capped")).isEqualTo(1);
    assertThat(why("capped")).contains("a frequency cap (1 of at most 1 this day)");

    client
        .post(
            "/v1/profiles/" + id("capped") + "/consent",
            "{\"channel\":\"email\",\"is\":\"denied\",\"textVersion\":\"v3\"}")
        .ok();
    client.advance(Duration.ofDays(1));
    greet("capped", "UTC", 3);
    assertThat(messages("capped")).isEqualTo(1);
    assertThat(why("capped")).contains("consent (denied)");
    Fields entry = client.get("/v1/profiles/" + id("capped") + "/consent").ok().items().getFirst();
    assertThat(entry.text("textVersion")).isEqualTo("v3");
  }

  @Test
  void oneMessageToOnePersonGoesOnceForItsKey() {
    client
        .put(
            "/v1/content/receipt",
            "{\"email\":{\"subject\":\"Receipt\",\"text\":\"Total {{ data.total }}\"}}")
        .ok();
    client
        .post(
            "/v1/identify",
            "{\"messageId\":\"b1\",\"userId\":\"buyer\",\"traits\":{\"email\":\"buyer@example.com\"}}")
        .ok();
    client.awaitIdle();
    client.clock(day.plus(Duration.ofHours(23))); // by night: it is no marketing
    String body =
        "{\"person\":\"userId:buyer\",\"content\":\"receipt\",\"data\":{\"total\":\"12.50\"}}";
    String send = "";
    for (int again = 0; again < 2; again++) {
      send = client.post("/v1/messages", body, "Idempotency-Key", "order-1").ok().text("id");
      client.awaitIdle();
    }
    assertThat(
            client
                .post("/v1/messages", body.replace("12.50", "13"), "Idempotency-Key", "order-1")
                .status())
        .isEqualTo(409);
    assertThat(client.post("/v1/messages", body).status()).isEqualTo(400);
    client.awaitIdle();

    assertThat(client.inbox("buyer@example.com"))
        .extracting(message -> message.text("text"))
        .containsExactly("Total 12.50");
    assertThat(client.get("/v1/sends/" + send).ok().text("state")).isEqualTo("sent");
  }

  @Test
  void whatAPersonDoesWithAMessageIsAnEventOfTheirs() {
    client
        .put(
            "/v1/content/hello",
            "{\"email\":{\"subject\":\"Hello\",\"html\":\"<body><a"
                + " href='https://shop.example/'>Shop</a></body>\"}}")
        .ok();
    greet("clicker", "UTC", 1);
    String html = client.inbox("clicker@example.com").getFirst().text("html");
    Matcher link = Pattern.compile("/r/[^']+").matcher(Optional.ofNullable(html).orElseThrow());
    assertThat(link.find()).isTrue();
    client.advance(Duration.ofMinutes(5));
    assertThat(clicks()).isZero();
    for (int click = 0; click < 2; click++) {
      assertThat(client.get(link.group()).status()).isEqualTo(302);
      client.advance(Duration.ofMinutes(2));
    }

    assertThat(clicks()).isEqualTo(1);
    assertThat(client.get("/v1/profiles/" + id("clicker") + "/history").ok().items())
        .extracting(item -> item.text("event"))
        .containsOnlyOnce("Email Link Clicked");
  }

  private long clicks() {
    Value clicks = client.get("/v1/insights/totals").ok().body().at("sends.email.clicked");
    return clicks instanceof Num(var number) ? number.longValueExact() : 0;
  }

  @Test
  void tokensOfDevicesAreRenewedAndDropped() {
    client
        .put(
            "/v1/content/note",
            "{\"push\":{\"title\":\"Hi\",\"body\":\"There\",\"collapseKey\":\"cart\"}}")
        .ok();
    client
        .put("/v1/segments/pushable", "{\"where\":{\"channel\":\"push\",\"reachable\":true}}")
        .ok();
    for (String token : List.of("renewed-phone", "expired-phone")) {
      client
          .ingest(
              "/v1/identify",
              """
              {"messageId":"d1","userId":"%1$s","context":{"device":{"id":"%1$s","token":"%1$s"}}}\
              """
                  .formatted(token))
          .ok();
      // What the provider says of the token is newer than what the device said.
      client.advance(Duration.ofMinutes(1));
      for (int n = 1; n <= 2; n++) {
        client
            .post(
                "/v1/messages",
                "{\"person\":\"userId:" + token + "\",\"content\":\"note\"}",
                "Idempotency-Key",
                token + n)
            .ok();
        client.awaitIdle();
        client.advance(Duration.ofMinutes(1));
      }
    }

    assertThat(client.get("/local/inbox?channel=push").ok().items())
        .extracting(message -> message.text("to"))
        .containsExactly("renewed-phone", "phone");
    List<Fields> sends = client.get("/v1/profiles/" + id("expired-phone") + "/sends").ok().items();
    assertThat(sends).extracting(send -> send.text("state")).containsExactly("notSent", "refused");
    assertThat(client.get("/v1/segments/pushable/members").ok().items())
        .extracting(member -> member.text("id"))
        .containsExactly(id("renewed-phone"));
  }
}
