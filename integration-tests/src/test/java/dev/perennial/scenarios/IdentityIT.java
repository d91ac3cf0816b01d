package dev.perennial.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.json.Json;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who is who: said by events, corrected by the team, and explained. */
class IdentityIT {

  private static PlatformUnderTest platform;
  private static PlatformClient client;

  @BeforeAll
  static void start() {
    platform = PlatformUnderTest.start();
    client = platform.client();
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  @Test
  void aMergeOfTwoKnownPeopleIsUndoneToTheByte() {
    event("m-1", "userId", "merge-a", "anonymousId", "merge-x");
    event("m-2", "userId", "merge-b", "anonymousId", "merge-y");
    String a = profile("userId:merge-a");
    String b = profile("userId:merge-b");
    String idOfB = client.profile("userId:merge-b").ok().text("id");

    String merged =
        client
            .post("/v1/profiles/merge", "{\"identifiers\":[\"userId:merge-a\",\"userId:merge-b\"]}")
            .ok()
            .text("id");
    client.awaitIdle();
    assertThat(client.profile("anonymousId:merge-y").ok().text("id")).isEqualTo(merged);
    assertThat(client.profile("userId:merge-b").ok().number("counters.events")).isEqualTo(2);
    assertThat(client.get("/v1/profiles/" + idOfB).ok().text("id")).isEqualTo(merged);
    Fields merge = link(merged, "merge");
    assertThat(text(merge, "outcome")).isEqualTo("joined");
    assertThat(text(merge, "reason")).startsWith("They were merged on request");

    withdraw(merged, merge);

    assertThat(profile("userId:merge-a")).isEqualTo(a);
    assertThat(profile("userId:merge-b")).isEqualTo(b);
  }

  @Test
  void aWithdrawnLinkStaysWithdrawnUntilItIsAllowed() {
    event("w-1", "userId", "lent", "anonymousId", "lent-phone");
    String id = client.profile("userId:lent").ok().text("id");
    Fields link = link(id, "event");

    withdraw(id, link);
    event("w-2", "userId", "lent", "anonymousId", "lent-phone");

    assertThat(client.profile("anonymousId:lent-phone").ok().text("id")).isNotEqualTo(id);
    assertThat(text(link(id, "event"), "outcome")).isEqualTo("withdrawn");
    assertThat(text(link(id, "event"), "reason")).contains("does not count until");

    client.post("/v1/profiles/" + id + "/links/" + text(link, "id") + "/allow", "").ok();
    client.awaitIdle();

    assertThat(client.profile("anonymousId:lent-phone").ok().text("id")).isEqualTo(id);
  }

  @Test
  void aDeviceInAShopJoinsNobodyOnceItIsSeenWithMoreThanTenUserIds() {
    event("s-0", "userId", "shopper-0", "anonymousId", "ipad", "email", "s0@example.com");
    for (int i = 1; i <= 10; i++) {
      assertThat(client.profile("anonymousId:ipad").ok().text("id"))
          .isEqualTo(client.profile("userId:shopper-0").ok().text("id"));
      event("s-" + i, "userId", "shopper-" + i, "anonymousId", "ipad", "phone", "+4930123456" + i);
    }

    String ipad = client.profile("anonymousId:ipad").ok().text("id");
    for (int i = 0; i <= 10; i++) {
      assertThat(client.profile("userId:shopper-" + i).ok().text("id")).isNotEqualTo(ipad);
    }
    assertThat(client.profile("email:s0@example.com").ok().text("id"))
        .isEqualTo(client.profile("userId:shopper-0").ok().text("id"));
    assertThat(text(link(ipad, "event"), "reason")).contains("shared");

    client
        .post(
            "/v1/profiles/" + ipad + "/identifiers/reset", "{\"identifier\":\"anonymousId:ipad\"}")
        .ok();
    client
        .ingest(
            "/v1/identify",
            "{\"messageId\":\"s-99\",\"userId\":\"new-owner\",\"anonymousId\":\"ipad\"}")
        .ok();
    client.awaitIdle();

    assertThat(client.profile("anonymousId:ipad").ok().text("id"))
        .isEqualTo(client.profile("userId:new-owner").ok().text("id"));
  }

  @Test
  void tagsByHandShowAndStayWithThePersonWhoIsKnown() {
    event("t-1", "userId", "tagged", "anonymousId", "tagged-x");
    String id = client.profile("userId:tagged").ok().text("id");

    client
        .post("/v1/profiles/" + id + "/tags", "{\"tags\":{\"value:vip\":true,\"note\":\"calls\"}}")
        .ok();
    Fields tagged =
        client.post("/v1/profiles/" + id + "/tags", "{\"tags\":{\"note\":null}}").ok().body();

    assertThat(tagged.get("tags"))
        .isInstanceOfSatisfying(
            Fields.class,
            tags -> assertThat(tags.fields()).containsOnlyKeys("value:vip", "dormant"));
    assertThat(tagged.get("tagCoverage")).isEqualTo(new Num(new BigDecimal("0.5")));
    withdraw(id, link(id, "event"));
    assertThat(Json.text(client.profile("userId:tagged").ok().body())).contains("value:vip");
    assertThat(Json.text(client.profile("anonymousId:tagged-x").ok().body()))
        .doesNotContain("value:vip");
  }

  @Test
  void whatMakesNoSenseIsRefusedAndChangesNothing() {
    event("p-1", "userId", "plain");
    String id = client.profile("userId:plain").ok().text("id");

    assertThat(merge("\"userId:plain\"")).isEqualTo(400);
    assertThat(merge("\"userId:plain\",\"userId:plain\"")).isEqualTo(400);
    assertThat(merge("\"userId:plain\",\"userId:undefined\"")).isEqualTo(400);
    assertThat(merge("\"userId:plain\",\"userId:nobody-at-all\"")).isEqualTo(404);
    assertThat(client.post("/v1/profiles/" + id + "/links/" + id + "/withdraw", "").status())
        .isEqualTo(404);
    assertThat(client.post("/v1/profiles/" + id + "/tags", "{\"tags\":{\"a\":{}}}").status())
        .isEqualTo(400);
    assertThat(client.post("/v1/profiles/" + id + "/tags", "{}").status()).isEqualTo(400);
    assertThat(client.get("/v1/profiles/" + id + "/identity").ok().body().get("links"))
        .isEqualTo(new Items(List.of()));
  }

  private static int merge(String identifiers) {
    return client.post("/v1/profiles/merge", "{\"identifiers\":[" + identifiers + "]}").status();
  }

  private static void withdraw(String profile, Fields link) {
    client.post("/v1/profiles/" + profile + "/links/" + text(link, "id") + "/withdraw", "").ok();
    client.awaitIdle();
  }

  private static Fields link(String profile, String kind) {
    List<Fields> links =
        ((Items) client.get("/v1/profiles/" + profile + "/identity").ok().body().get("links"))
            .items().stream().map(link -> (Fields) link).toList();
    return links.stream().filter(link -> text(link, "kind").equals(kind)).findFirst().orElseThrow();
  }

  private static String text(Fields fields, String name) {
    return Objects.requireNonNull(fields.text(name));
  }

  private static String profile(String identifier) {
    return client.profile(identifier).ok().body().toString();
  }

  private static void event(String messageId, String... identifiers) {
    StringBuilder event = new StringBuilder("{\"type\":\"identify\",\"messageId\":\"" + messageId);
    event.append("\",\"timestamp\":\"2026-03-01T10:00:00Z\"");
    StringBuilder traits = new StringBuilder();
    for (int i = 0; i < identifiers.length; i += 2) {
      String field = "\"" + identifiers[i] + "\":\"" + identifiers[i + 1] + "\"";
      if (identifiers[i].endsWith("Id")) {
        event.append(',').append(field);
      } else {
        traits.append(traits.isEmpty() ? "" : ",").append(field);
      }
    }
    client.ingest("/v1/identify", event + ",\"traits\":{" + traits + "}}").ok();
    client.awaitIdle();
  }
}
