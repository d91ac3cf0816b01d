package dev.perennial.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.Trust;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Bool;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Null;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import dev.perennial.json.TrackingSpec.Reading;
import dev.perennial.json.TrackingSpec.Reading.Accepted;
import dev.perennial.json.TrackingSpec.Reading.Rejected;
import dev.perennial.json.TrackingSpec.Reason;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrackingSpecTest {

  private static final List<String> TYPES =
      List.of("identify", "track", "page", "screen", "group", "alias");
  private static final Instant NOW = Instant.parse("2026-11-01T09:30:00Z");

  @ParameterizedTest
  @CsvSource({
    "2026-11-01T09:00:00Z,         , 2026-11-01T09:00:00Z",
    "2026-11-01T09:00:00Z, 2026-11-01T09:25:00Z, 2026-11-01T09:00:00Z",
    "2026-11-01T09:00:00Z, 2026-11-01T09:24:59Z, 2026-11-01T09:05:01Z",
    "2026-11-01T10:00:00Z, 2026-11-01T10:30:00Z, 2026-11-01T09:00:00Z",
    "2026-11-01T09:35:00Z,         , 2026-11-01T09:35:00Z",
    "2026-11-01T09:35:01Z,         , 2026-11-01T09:30:00Z",
    "1997-01-01T00:00:00Z,         , 1997-01-01T00:00:00Z",
    "1997-01-01T00:00:00Z, nonsense, 1997-01-01T00:00:00Z",
    "2026-11-01,                   , 2026-11-01T00:00:00Z",
    "2026-11-01T09:00:00,          , 2026-11-01T09:00:00Z",
    "2026-11-01T10:00:00+01:00,    , 2026-11-01T09:00:00Z",
    "2026-11-01T10:00:00.1234567+0100,, 2026-11-01T09:00:00.123Z",
    "2026-11-01T09:00Z,            , 2026-11-01T09:00:00Z",
    "2026-11-01T11:00:00+02,       , 2026-11-01T09:00:00Z",
    "2026-11-01 09:00:00,          , 2026-11-01T09:00:00Z",
    "2026-11-01 06:30-02:30,       , 2026-11-01T09:00:00Z",
    "9999-12-30T00:00:00Z, 1970-01-01T00:00:00Z, 2026-11-01T09:30:00Z",
    ",                             , 2026-11-01T09:30:00Z"
  })
  void timestampsAreOnThePlatformsClock(String said, String sentAt, Instant expected) {
    Map<String, Value> event = new LinkedHashMap<>(Map.of("userId", new Text("1")));
    if (said != null) {
      event.put("timestamp", new Text(said));
    }
    Fields envelope =
        sentAt == null ? Fields.EMPTY : new Fields(Map.of("sentAt", new Text(sentAt)));

    Event read = accepted(EventType.IDENTIFY, new Fields(event), envelope);

    assertThat(read.timestamp()).isEqualTo(expected);
    assertThat(read.receivedAt()).isEqualTo(NOW);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "now",
        "0001-01-01T00:00:00Z",
        "+999999999-12-31T00:00:00Z",
        "2026-13-01",
        "2026-11-01T",
        "2026-11-01T09",
        "2026-11-01T09:00:00+",
        "2026-11-01Z",
        "1793525400"
      })
  void timestampsMustBeInstants(String said) {
    Rejected rejected =
        rejected(
            EventType.IDENTIFY,
            new Fields(Map.of("userId", new Text("1"), "timestamp", new Text(said))));

    assertThat(rejected.pointer()).isEqualTo("/timestamp");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-01T09:00:00Z,         , false",
    "2026-11-01T09:00:00Z, 2026-11-01T09:25:00Z, false",
    "2026-11-01T09:00:00Z, 2026-11-01T09:24:59Z, true",
    "2026-11-01T09:35:01Z,         , true",
    ",                             , true"
  })
  void aTimestampThatIsNotTheClientsSaysSo(String said, String sentAt, boolean stamped) {
    Map<String, Value> event = new LinkedHashMap<>(Map.of("userId", new Text("1")));
    if (said != null) {
      event.put("timestamp", new Text(said));
    }
    Fields envelope =
        sentAt == null ? Fields.EMPTY : new Fields(Map.of("sentAt", new Text(sentAt)));

    assertThat(accepted(EventType.IDENTIFY, new Fields(event), envelope).stamped())
        .isEqualTo(stamped);
  }

  @Test
  void withoutTimestampsTheOrderOfTheRequestIsThatOfTime() {
    TrackingSpec spec = new TrackingSpec(NOW, Trust.CLIENT, "website", Fields.EMPTY);
    JsonNode document = JsonNode.root(fields("{'userId':'1'}"));

    Event first = ((Accepted) spec.read(document, EventType.IDENTIFY)).event();
    Event second = ((Accepted) spec.read(document, EventType.IDENTIFY)).event();

    assertThat(second.timestamp()).isAfter(first.timestamp());
    assertThat(second.receivedAt()).isEqualTo(second.timestamp());
  }

  @Test
  void anEmptyListIsAnEmptyObject() {
    Event event = track("{'userId':'1','event':'A','properties':[],'traits':[],'context':[]}");

    assertThat(event.properties()).isEqualTo(Fields.EMPTY);
    assertThat(
            rejected(EventType.TRACK, fields("{'userId':'1','event':'A','properties':[1]}"))
                .pointer())
        .isEqualTo("/properties");
  }

  @Test
  void timestampsCannotBeCorrectedToBefore1970() {
    Fields event =
        fields("{'userId':'1','timestamp':'1970-01-01T00:00:00Z','sentAt':'2036-01-01T00:00:00Z'}");

    assertThat(rejected(EventType.IDENTIFY, event).pointer()).isEqualTo("/timestamp");
  }

  @Test
  void aMissingMessageIdIsAHashOfTheEvent() {
    String first = track("{'userId':'1','event':'e','properties':{'a':1,'b':2}}").messageId();

    assertThat(first).startsWith("hash-").hasSize(37);
    assertThat(
            track(
                    "{'properties':{'b':2.0,'a':1},'event':'e','userId':'1','sentAt':'x','writeKey':'k'}")
                .messageId())
        .isEqualTo(first);
    assertThat(
            track("{'type':'track','userId':'1','event':'e','properties':{'a':1,'b':2}}")
                .messageId())
        .isEqualTo(first);
    assertThat(track("{'userId':'1','event':'e','properties':{'a':2,'b':1}}").messageId())
        .isNotEqualTo(first);
    assertThat(track("{'userId':'1','event':'e','messageId':' '}").messageId()).startsWith("hash-");
    assertThat(track("{'userId':'1','event':'e','messageId':'m'}").messageId()).isEqualTo("m");
  }

  @Test
  void theEventsContextStandsOverTheBatchs() {
    Fields envelope =
        fields("{'context':{'locale':'en','timezone':'UTC','traits':{'plan':'pro','city':'x'}}}");
    Fields event =
        fields(
            "{'userId':'1','context':{'locale':'fr','traits':{'plan':'free'}},'traits':{'city':'y'}}");

    Event read = accepted(EventType.IDENTIFY, event, envelope);

    assertThat(Json.text(read.context())).isEqualTo("{\"timezone\":\"UTC\",\"locale\":\"fr\"}");
    assertThat(Json.text(read.traits())).isEqualTo("{\"plan\":\"free\",\"city\":\"y\"}");
  }

  @Test
  void wordsForNobodyAreAbsent() {
    Event read =
        track(
            "{'userId':'undefined','anonymousId':'a','event':'e','context':{'device':{'id':'0'}}}");

    assertThat(read.owner()).hasToString("anonymousId:a");
    assertThat(read.others()).isEmpty();
  }

  @Test
  void whatDoesNotIdentifyStaysATrait() {
    Event read =
        accepted(
            EventType.IDENTIFY,
            fields(
                "{'userId':'1','traits':{'email':'nonsense','phone':'12','wechat':{'openid':'o'},'wecom':7}}"),
            Fields.EMPTY);

    assertThat(read.others()).isEmpty();
    assertThat(read.traits().fields()).containsOnlyKeys("email", "phone", "wechat", "wecom");
  }

  @Test
  void anEventMayBeKnownByAnAddressOnly() {
    assertThat(track("{'event':'e','context':{'traits':{'email':'A@B.de'}}}").owner())
        .hasToString("email:a@b.de");
  }

  @Test
  void externalIdsNeverDecideTheOwner() {
    Event read =
        track(
            """
            {'userId':'z','event':'e','context':{'externalIds':[
             {'id':'a','type':'userId'},{'id':'b','type':'crm'},{'id':'c','type':'crm','collection':'accounts'},
             {'id':'d','type':'not a name'},{'id':5,'type':'crm'},{'type':'crm'},'x']}}
            """);

    assertThat(read.owner()).hasToString("userId:z");
    assertThat(read.others()).extracting(Identifier::toString).containsExactly("crm:b");
  }

  @Test
  void sizeIsThatOfTheJsonWithoutWhiteSpace() {
    Fields large =
        fields("{'userId':'1','event':'e','properties':{'p':'" + "é".repeat(16_400) + "'}}");

    assertThat(rejected(EventType.TRACK, large).reason()).isEqualTo(Reason.TOO_LARGE);
  }

  static IntStream seeds() {
    return IntStream.range(0, 200 * Integer.getInteger("laws.scale", 1));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void anyDocumentIsAcceptedOrRejected(int seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 100; i++) {
      Value document = random.nextInt(20) == 0 ? any(random, 3) : event(random);

      Reading reading =
          new TrackingSpec(NOW, Trust.CLIENT, "website", Fields.EMPTY)
              .read(JsonNode.root(document));

      switch (reading) {
        case Accepted(Event event) -> {
          String message = EventCodec.messages(List.of(event)).getFirst();
          assertThat(EventCodec.readMessage(message)).containsExactly(event);
          assertThat(event.timestamp()).isBetween(Instant.EPOCH, NOW.plus(Duration.ofMinutes(5)));
          assertThat(event.others()).allMatch(other -> event.owner().compareTo(other) < 0);
        }
        case Rejected(Reason reason, String pointer, String detail) -> {
          assertThat(reason).isEqualTo(Reason.INVALID);
          assertThat(pointer).matches("(/.*)?");
          assertThat(detail).isNotBlank();
        }
      }
    }
  }

  private static Value event(Random random) {
    Map<String, Value> event = new LinkedHashMap<>();
    for (String name :
        List.of(
            "type",
            "userId",
            "anonymousId",
            "previousId",
            "groupId",
            "event",
            "name",
            "messageId",
            "timestamp",
            "originalTimestamp",
            "sentAt",
            "traits",
            "context",
            "properties")) {
      if (random.nextInt(3) > 0) {
        event.put(name, random.nextInt(12) == 0 ? any(random, 2) : fitting(name, random));
      }
    }
    return new Fields(event);
  }

  private static Value fitting(String name, Random random) {
    return switch (name) {
      case "type" -> new Text(TYPES.get(random.nextInt(TYPES.size())));
      case "traits", "properties" ->
          object(random, 2, "email", "phone", "wechat", "wecom", "total");
      case "context" ->
          object(random, 3, "traits", "device", "externalIds", "timezone", "locale", "campaign");
      case "timestamp", "originalTimestamp", "sentAt" ->
          new Text(NOW.plusSeconds(random.nextInt()).toString());
      default -> text(random);
    };
  }

  private static Fields object(Random random, int depth, String... names) {
    Map<String, Value> fields = new LinkedHashMap<>();
    for (String name : names) {
      if (random.nextBoolean()) {
        fields.put(name, any(random, depth));
      }
    }
    return new Fields(fields);
  }

  private static Value any(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 6 : 4)) {
      case 0 -> text(random);
      case 1 -> new Num(BigDecimal.valueOf(random.nextInt(), random.nextInt(30) - 15));
      case 2 -> new Bool(random.nextBoolean());
      case 3 -> new Null();
      case 4 ->
          object(random, depth - 1, "id", "type", "email", "openid", "appid", "unionid", "token");
      default -> {
        List<Value> items = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
          items.add(any(random, depth - 1));
        }
        yield new Items(items);
      }
    };
  }

  private static Text text(Random random) {
    String[] texts = {
      "",
      " ",
      "u-1",
      "undefined",
      "0",
      "a@example.com",
      "+4915112345678",
      "你好",
      "😀",
      "a\u0000b",
      "\uFFFE",
      "wechat:x",
      "x".repeat(600),
      "2026-11-01",
      "e\u0301",
      "crm"
    };
    return new Text(texts[random.nextInt(texts.length)]);
  }

  private static Event track(String document) {
    return accepted(EventType.TRACK, fields(document), Fields.EMPTY);
  }

  private static Event accepted(EventType type, Fields document, Fields envelope) {
    TrackingSpec spec = new TrackingSpec(NOW, Trust.CLIENT, "website", envelope);
    return ((Accepted) spec.read(JsonNode.root(document), type)).event();
  }

  private static Rejected rejected(EventType type, Fields document) {
    TrackingSpec spec = new TrackingSpec(NOW, Trust.CLIENT, "website", Fields.EMPTY);
    return (Rejected) spec.read(JsonNode.root(document), type);
  }

  private static Fields fields(String document) {
    return (Fields) Json.read(document.replace('\'', '"'));
  }
}
