package dev.perennial.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Text;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No function may do more than it does: the main job and every management call use each grant. */
class GrantsIT {

  /** Used, but not on these ways. */
  private static final List<String> EXCEPTIONS =
      List.of(
          // Email goes through the other provider.
          "SendMessage: mobiletargeting:SendMessages on *",
          // Preferences are looked at from their own link.
          "Respond: dynamodb:BatchGetItem on People",
          // Pages of history are written once many events are there, and only then read.
          "RecordEvents: dynamodb:PutItem on History",
          "RecordEvents: dynamodb:Query on History",
          "EvaluateProfile: dynamodb:Query on History",
          "ManageProfiles: dynamodb:GetItem on History",
          "ManageProfiles: dynamodb:Query on History",
          "AmendIdentity: dynamodb:Query on History",
          "ErasePerson: dynamodb:PutItem on History",
          "ManagePrivacy: dynamodb:GetItem on History",
          // Nobody has too many events.
          "RecordEvents: dynamodb:UpdateItem on History",
          "ManageProfiles: dynamodb:BatchGetItem on History",
          "AmendIdentity: dynamodb:BatchGetItem on History",
          "ManagePrivacy: dynamodb:UpdateItem on History",
          "ManagePrivacy: dynamodb:DeleteItem on History",
          "ManagePrivacy: sqs:SendMessage on events",
          // Whoever has many identifiers, was absorbed, or has neighbours, takes more.
          "ErasePerson: dynamodb:PutItem on People",
          // More than a visit deletes at once.
          "ErasePerson: sqs:SendMessage on erasures",
          // Read again only when others wrote the same person meanwhile.
          "BackfillSegment: dynamodb:GetItem on People",
          // Told anew only when time is short.
          "BackfillSegment: sqs:SendMessage on backfills",
          // A segment that is no more is forgotten by whoever next writes the person.
          "EvaluateProfile: dynamodb:DeleteItem on Definitions",
          // Only of somebody who cannot be evaluated.
          "BackfillSegment: sqs:SendMessage on profile-changes",
          // Only of whoever did something while it passed.
          "BackfillSegment: sqs:SendMessage on triggers",
          "BackfillSegment: sqs:SendMessage on webhooks",
          // Only for receivers that answer slowly.
          "DeliverWebhook: sqs:SendMessage on crowd-webhooks",
          "BackfillSegment: dynamodb:Query on History",
          "ExamineSegments: dynamodb:Query on History",
          // Only when there are more people than a sample has.
          "ExamineSegments: dynamodb:BatchGetItem on Definitions",
          // Only a change that depends on somebody who stays as they are.
          "AmendIdentity: dynamodb:ConditionCheckItem on People",
          // One store reads people alone or in batches, whichever way its callers ask.
          "RecordEvents: dynamodb:GetItem on People");

  private static final String MAIL =
      "{\"id\":\"mail\",\"send\":{\"content\":\"hello\",\"channels\":[\"email\"]}}";

  @Test
  void nothingIsGrantedThatIsNotUsed() {
    try (PlatformUnderTest platform = PlatformUnderTest.start();
        WebhookReceiver receiver = new WebhookReceiver()) {
      PlatformClient client = platform.client();
      client.clock(Instant.parse("2026-03-01T09:00:00Z"));
      segment(client, "quiet14", "{\"event\":\"Order Completed\",\"lastBefore\":\"P14D\"}");
      content(client);
      journey(client, "welcome", "{\"event\":\"Signed Up\"}");
      journey(client, "thanks", "{\"event\":\"Order Completed\"}", MAIL);
      journey(client, "come-back", "{\"segment\":\"quiet14\",\"on\":\"entered\"}");
      segment(client, "seen", "{\"event\":\"Nothing\"}");
      segment(client, "owls", "{\"event\":\"Night Fell\",\"within\":\"PT1H\"}");
      events(client, "1");
      // Of a segment that is newer than the events, only their history can tell.
      segment(client, "buyers", "{\"event\":\"Order Completed\",\"count\":{\"gte\":2}}");
      // Those who are in it by now leave it earlier than anything else happens to them.
      segment(client, "today", "{\"event\":\"Order Completed\",\"within\":\"P1D\"}");
      client.awaitIdle();
      events(client, "2");
      client.advance(Duration.ofDays(16));
      assertThat(client.inbox("ada@example.com")).hasSizeGreaterThanOrEqualTo(2);
      client
          .put(
              "/v1/webhooks/crm",
              "{\"url\":\"" + receiver.url() + "\",\"segments\":[\"owls\",\"seen\"]}")
          .ok();
      segment(client, "seen", "{\"event\":\"Product Viewed\"}");
      atNight(client);
      respond(client);
      meet(client);
      manage(client);
      client.awaitIdle();

      assertThat(unused(client)).isSubsetOf(EXCEPTIONS);
    }
  }

  private static List<String> unused(PlatformClient client) {
    return client.get("/local/grants").ok().items().stream()
        .flatMap(
            item ->
                ((Items) item.fields().get("unused"))
                    .items().stream()
                        .map(grant -> item.text("function") + ": " + ((Text) grant).text()))
        .toList();
  }

  private static void events(PlatformClient client, String round) {
    client
        .ingest(
            "/v1/batch",
            """
            {"batch":[
             {"type":"track","messageId":"a%1$s","anonymousId":"v1","event":"Product Viewed"},
             {"type":"identify","messageId":"b%1$s","userId":"ada","anonymousId":"v1",
              "traits":{"email":"ada@example.com"}},
             {"type":"track","messageId":"c%1$s","userId":"ada","event":"Signed Up"},
             {"type":"track","messageId":"d%1$s","userId":"ada","event":"Order Completed"}]}\
            """
                .formatted(round))
        .ok();
    client.awaitIdle();
  }

  /** A message that is deferred by a timer, and goes by it. */
  private static void atNight(PlatformClient client) {
    journey(client, "night", "{\"event\":\"Night Fell\"}");
    client.advance(Duration.ofHours(13));
    client
        .ingest("/v1/track", "{\"messageId\":\"n\",\"userId\":\"ada\",\"event\":\"Night Fell\"}")
        .ok();
    client.advance(Duration.ofHours(12));
  }

  /**
   * Every link of a message, a click, a bounce, a complaint, and a receipt that settles what was
   * unknown.
   */
  private static void respond(PlatformClient client) {
    Fields headers = (Fields) client.inbox("ada@example.com").getLast().get("headers");
    String url = Optional.ofNullable(headers).orElseThrow().text("List-Unsubscribe");
    String path =
        URI.create(Optional.ofNullable(url).orElseThrow().replaceAll("[<>]", "")).getPath();
    Matcher link =
        Pattern.compile("/r/[^']+")
            .matcher(client.inbox("ada@example.com").getLast().text("html") + "");
    assertThat(link.find()).isTrue();
    client.get(link.group());
    client.get(path).ok();
    client.post(path, "List-Unsubscribe=One-Click").ok();
    client
        .ingest(
            "/v1/track",
            """
            {"messageId":"k1","userId":"ada","event":"Consent Changed",
             "properties":{"channel":"push","is":"denied"}}\
            """)
        .ok();
    client.post("/local/faults", "{\"provider\":\"ses\",\"fault\":\"lostReply\"}").ok();
    client
        .ingest(
            "/v1/batch",
            """
            {"batch":[{"type":"identify","messageId":"z1","userId":"bea",
              "traits":{"email":"bounce@simulator.amazonses.com"}},
             {"type":"track","messageId":"z2","userId":"bea","event":"Night Fell"},
             {"type":"identify","messageId":"z3","userId":"cleo",
              "traits":{"email":"complaint@simulator.amazonses.com"}},
             {"type":"track","messageId":"z4","userId":"cleo","event":"Night Fell"}]}\
            """)
        .ok();
    client.advance(Duration.ofHours(2));
    client.advance(Duration.ofMinutes(1));
    lose(client);
  }

  /** A device that is no more. */
  private static void lose(PlatformClient client) {
    client.put("/v1/content/note", "{\"push\":{\"title\":\"Hi\",\"body\":\"There\"}}").ok();
    client
        .ingest(
            "/v1/identify",
            """
            {"messageId":"e1","userId":"dan","context":{"device":{"id":"d","token":"expired-d"}}}\
            """)
        .ok();
    client.awaitIdle();
    client
        .post(
            "/v1/messages",
            "{\"person\":\"userId:dan\",\"content\":\"note\"}",
            "Idempotency-Key",
            "e2")
        .ok();
    client.awaitIdle();
  }

  /** People who meet while a third, who is asked about again, stays who they are. */
  private static void meet(PlatformClient client) {
    String lent =
        "{\"type\":\"track\",\"messageId\":\"l2\",\"userId\":\"ben\",\"anonymousId\":\"lent\",\"event\":\"Seen\"}";
    for (String batch :
        List.of(
            lent.replace("l2", "l1").replace("ben", "cem"),
            lent,
            "{\"type\":\"track\",\"messageId\":\"l3\",\"anonymousId\":\"new\",\"event\":\"Seen\"}",
            lent + "," + lent.replace("l2", "l4").replace("lent", "new"),
            // Late word that the device was another's before.
            lent.replace("l2", "l5").replace("{", "{\"timestamp\":\"2026-02-01T00:00:00Z\","))) {
      client.ingest("/v1/batch", "{\"batch\":[" + batch + "]}").ok();
      client.awaitIdle();
    }
    Fields merged =
        client
            .post("/v1/profiles/merge", "{\"identifiers\":[\"userId:ben\",\"userId:cem\"]}")
            .ok()
            .body();
    client.post("/v1/profiles/" + merged.text("id") + "/tags", "{\"tags\":{\"a\":1}}").ok();
  }

  private static void manage(PlatformClient client) {
    Fields profile = client.profile("userId:ada").ok().body();
    String id = "/v1/profiles/" + Optional.ofNullable(profile.text("id")).orElseThrow();
    Stream.of("", "/identity", "/history").forEach(what -> client.get(id + what).ok());
    String send = client.get(id + "/sends").ok().items().getFirst().text("id");
    client.get("/v1/sends/" + send).ok();
    client
        .post(
            id + "/consent",
            "{\"channel\":\"email\",\"topic\":\"offers\",\"is\":\"denied\",\"basis\":\"consent\",\"source\":\"form\"}")
        .ok();
    client.get("/v1/insights/totals").ok();
    Stream.of("/consent", "/decisions", "/why?journey=welcome")
        .forEach(what -> client.get(id + what).ok());
    client.post("/v1/sending/pause", "{\"channel\":\"push\"}").ok();
    client.post("/v1/sending/resume", "").ok();
    client.put("/v1/settings", "{\"timezone\":\"Europe/Vienna\"}").ok();
    client.get("/v1/settings").ok();

    Stream.of("", "/quiet14", "/quiet14/members")
        .forEach(what -> client.get("/v1/segments" + what).ok());
    client
        .put("/v1/lifecycle", "{\"newFor\":\"P1D\",\"activeFor\":\"P2D\",\"dormantAfter\":\"P3D\"}")
        .ok();
    client.put("/v1/traits/seven", "{\"value\":7}").ok();
    segment(client, "lost", "{\"lifecycle\":\"dormant\"}");
    client
        .put("/v1/lifecycle", "{\"newFor\":\"P1D\",\"activeFor\":\"P2D\",\"dormantAfter\":\"P4D\"}")
        .ok();
    client.get("/v1/webhooks").ok();
    client.post("/v1/webhooks/crm/rotate", "").ok();
    client.delete("/v1/webhooks/crm").ok();
    client.delete("/v1/segments/buyers").ok();
    segment(client, "best", "{\"tier\":\"strategic\"}");
    client.advance(Duration.ofDays(1));
    client.put("/v1/segments/guests", "{\"members\":\"imported\"}").ok();
    client.post("/v1/segments/guests/import", "identifier\nuserId:ada\n").ok();
    client.get("/v1/segments/quiet14/explain?identifier=userId:ada").ok();
    client.get("/v1/tags/dormant/explain?identifier=userId:ada").ok();
    client
        .post(
            "/v1/segments/preview",
            "{\"where\":{\"consent\":{\"channel\":\"sms\",\"topic\":\"a\"},\"is\":\"unknown\"}}")
        .ok();

    Stream.of("", "/welcome", "/welcome/enrollments")
        .forEach(what -> client.get("/v1/journeys" + what).ok());
    Stream.of("pause", "resume", "stop")
        .forEach(action -> client.post("/v1/journeys/welcome/" + action, "").ok());
    client.delete("/v1/journeys/welcome").ok();

    Stream.of("", "/hello").forEach(what -> client.get("/v1/content" + what).ok());
    client
        .post("/v1/content/hello/render", "{\"identifier\":\"userId:ada\",\"channel\":\"email\"}")
        .ok();
    content(client);
    for (int again = 0; again < 2; again++) {
      client
          .post(
              "/v1/messages",
              "{\"person\":\"userId:ada\",\"content\":\"hello\"}",
              "Idempotency-Key",
              "k1")
          .ok();
    }
    suppress(client);
    client.get(id + "/export").ok();
    client.get("/v1/quarantine").ok();
    String erasure = client.delete(id).ok().text("id");
    client.get("/v1/erasures/" + erasure).ok();
    client.awaitIdle();
    client.advance(Duration.ofDays(31));
  }

  /** Addresses that the team or their owners block and free. */
  private static void suppress(PlatformClient client) {
    String address = "{\"identifier\":\"email:spam@example.com\"}";
    client.post("/v1/suppressions", address).ok();
    client.get("/v1/suppressions").ok();
    client.post("/v1/suppressions/lift", address).ok();
    client.post("/v1/suppressions/import", "email\nspam@example.com\n").ok();
    for (String word : List.of("STOP", "START")) {
      client
          .post(
              "/local/queues/receipts",
              "{\"originationNumber\":\"+4915112345678\",\"messageBody\":\"%s\"}".formatted(word))
          .ok();
      client.advance(Duration.ofMinutes(1));
    }
  }

  private static void segment(PlatformClient client, String id, String where) {
    client.put("/v1/segments/" + id, "{\"name\":\"" + id + "\",\"where\":" + where + "}").ok();
  }

  private static void content(PlatformClient client) {
    client
        .put(
            "/v1/content/hello",
            "{\"email\":{\"subject\":\"Hello\",\"html\":\"<a"
                + " href='https://shop.example'>Hi</a>\"}}")
        .ok();
  }

  private static void journey(PlatformClient client, String id, String trigger) {
    journey(client, id, trigger, "{\"id\":\"wait\",\"wait\":\"PT1H\"}," + MAIL);
  }

  private static void journey(PlatformClient client, String id, String trigger, String steps) {
    client
        .put(
            "/v1/journeys/" + id,
            """
            {"name":"%s","trigger":%s,
             "steps":[%s]}\
            """
                .formatted(id, trigger, steps))
        .ok();
    client.post("/v1/journeys/" + id + "/launch", "").ok();
  }
}
