package dev.perennial.functions.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.perennial.domain.access.Key;
import dev.perennial.domain.access.Keys;
import dev.perennial.domain.consent.Consent;
import dev.perennial.domain.consent.Consent.Decision;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.delivery.Address;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.Links.Kind;
import dev.perennial.domain.delivery.Receipt;
import dev.perennial.domain.delivery.Recipient;
import dev.perennial.domain.delivery.Rendition;
import dev.perennial.domain.delivery.Send;
import dev.perennial.domain.delivery.Send.State;
import dev.perennial.domain.delivery.SendRequest;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.ProfileChange;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.timer.Due;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.testkit.Envelope;
import dev.perennial.testkit.InMemoryConsents;
import dev.perennial.testkit.InMemoryDefinitions;
import dev.perennial.testkit.InMemoryLinkKey;
import dev.perennial.testkit.InMemoryPeople;
import dev.perennial.testkit.InMemorySends;
import dev.perennial.testkit.InMemoryTimers;
import dev.perennial.testkit.InMemoryTotals;
import dev.perennial.testkit.Invocation;
import dev.perennial.testkit.Samples;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RespondHandlerTest {

  private static final Instant NOW = Instant.parse("2026-11-01T09:30:00Z");
  private static final Address EMAIL = new Address(Address.Kind.EMAIL, "ann@example.com");
  private static final PersonId KEY = EMAIL.key("main");
  private static final Recipient ANN =
      new Recipient(
          "aaaaaaaaaaaaaaaaaaaaaaaaaa", new PersonId("ann"), KEY, Channel.EMAIL, "<news>");

  private final InMemoryLinkKey linkKey = new InMemoryLinkKey();
  private final SignedLinks links = new SignedLinks(new LinkTokens(linkKey), "https://p.example");
  private final InMemoryPeople people = new InMemoryPeople("main", new InMemoryTotals());
  private final InMemoryConsents consents = new InMemoryConsents();
  private final InMemorySends sends = new InMemorySends(consents);
  private final List<ProfileChange> changes = new ArrayList<>();
  private final InMemoryTimers timers = new InMemoryTimers();
  private final List<Event> events = new ArrayList<>();
  private Instant now = NOW;
  private boolean dying;
  private final RespondHandler handler =
      new RespondHandler(
          "main",
          new NoKeys(),
          linkKey,
          people,
          consents,
          new InMemoryDefinitions(),
          sends,
          timers,
          this::publish,
          events::addAll,
          () -> now);

  private void publish(Collection<? extends ProfileChange> news) {
    if (dying) {
      throw new IllegalStateException("the process dies");
    }
    changes.addAll(news);
  }

  /** Nobody asks for a key here. */
  private static final class NoKeys implements Keys {
    @Override
    public Optional<Key> find(String hash) {
      throw new AssertionError("links need no key");
    }

    @Override
    public void put(Key key) {
      throw new AssertionError("links need no key");
    }
  }

  @BeforeEach
  void send() {
    SendRequest request =
        new SendRequest(
            new PersonId("ann"),
            "journey:welcome",
            "mail",
            "o1",
            "hello",
            List.of(Channel.EMAIL),
            "<news>",
            null);
    sends.store(
        new Send(
            ANN.send(), request, NOW, State.SENT, 1, EMAIL, Set.of(), List.of(), null, "p1", null),
        null);
  }

  private APIGatewayV2HTTPResponse call(String method, String url, String body) {
    String path = url.replace("https://p.example", "");
    String token = path.substring(3);
    APIGatewayV2HTTPEvent event =
        Envelope.read(APIGatewayV2HTTPEvent.class, "respond/unsubscribe.json");
    String route = method + " " + path.substring(0, 3) + "{token}";
    event.setRouteKey(route);
    event.setPathParameters(Map.of("token", token));
    event.setBody(body);
    event.setHeaders(new HashMap<>(Map.of("host", "p.example")));
    event.setIsBase64Encoded(false);
    return handler.handleRequest(event, new Invocation());
  }

  private String link(Kind kind) {
    return Objects.requireNonNull(links.of(ANN).get(kind));
  }

  @Test
  void aPostUnsubscribesWithoutCookiesAndALookDoesNot() {
    String url = link(Kind.UNSUBSCRIBE);

    APIGatewayV2HTTPResponse asked = call("GET", url, "");
    assertThat(asked.getStatusCode()).isEqualTo(200);
    assertThat(asked.getBody()).contains("<form method=\"post\">", "&lt;news&gt;", "viewport");
    assertThat(asked.getHeaders().get("Content-Type")).startsWith("text/html");
    assertThat(consents.of(KEY).consents()).isEmpty();

    APIGatewayV2HTTPResponse done = call("POST", url, "List-Unsubscribe=One-Click");
    assertThat(done.getStatusCode()).isEqualTo(200);
    assertThat(consents.of(KEY).consents())
        .containsExactly(
            new Consent(
                Channel.EMAIL, "<news>", Decision.DENIED, NOW, "consent", "unsubscribe link"));
    assertThat(changes).containsExactly(new ProfileChange(KEY, Cause.EVENT));
    assertThat(sends.find(ANN.send()).orElseThrow().receipts())
        .containsKey(Receipt.Kind.UNSUBSCRIBED);
    assertThat(events).extracting(Event::name).containsExactly("Unsubscribed");
  }

  @Test
  void whoeverAnsweredIsLookedAtAgainAlsoWhenNobodyIsTold() {
    dying = true;
    assertThat(call("POST", link(Kind.UNSUBSCRIBE), "").getStatusCode()).isEqualTo(500);

    assertThat(consents.of(KEY).consents()).hasSize(1);
    assertThat(changes).isEmpty();
    List<Due> due = new ArrayList<>();
    timers.forEachDue(NOW.plusSeconds(120), due::add);
    assertThat(due).containsExactly(Due.ofPerson(ANN.person(), NOW.plusSeconds(120)));
  }

  @Test
  void whatIsForgedOrAlteredDoesNothing() {
    String url = link(Kind.UNSUBSCRIBE);
    for (int at = url.indexOf("/u/") + 3; at < url.length(); at++) {
      for (char other : new char[] {'A', 'B', 'g', '_'}) {
        String wrong = url.substring(0, at) + other + url.substring(at + 1);
        if (!wrong.equals(url)) {
          assertThat(call("POST", wrong, "").getStatusCode()).as(wrong).isEqualTo(404);
        }
      }
    }
    String altered = url.substring(0, url.length() - 1);
    String other = link(Kind.PREFERENCES).replace("/p/", "/u/");

    for (String wrong :
        List.of(
            altered,
            url + "=",
            url + "A",
            other,
            "/u/abc",
            "/u/.",
            "/u/YQ.YQ",
            url.replace("/u/", "/u/A"))) {
      assertThat(call("POST", wrong, "").getStatusCode()).as(wrong).isEqualTo(404);
      assertThat(call("GET", wrong, "").getStatusCode()).as(wrong).isEqualTo(404);
    }
    assertThat(call("GET", altered.replace("/u/", "/r/"), "").getStatusCode()).isEqualTo(404);
    assertThat(consents.of(KEY).consents()).isEmpty();
  }

  @Test
  void preferencesAreShownAndChanged() {
    String url = link(Kind.PREFERENCES);
    assertThat(call("GET", url, "").getBody())
        .contains("value=\"&lt;news&gt;\" checked", "value=\"all\" checked");

    call("POST", url, "shown=%3Cnews%3E&shown=all&on=all");
    assertThat(consents.of(KEY).consents())
        .extracting(Consent::topic, Consent::decision)
        .containsExactly(tuple("<news>", Decision.DENIED));

    // The clock may stand: what is decided last counts.
    assertThat(call("POST", url, "none=yes").getBody()).contains("Saved", "value=\"all\">");
    call("POST", url, "shown=%3Cnews%3E&shown=all&on=%3Cnews%3E");
    assertThat(consents.of(KEY).marketingDecision(Channel.EMAIL, "<news>"))
        .contains(Decision.GRANTED);
    assertThat(consents.of(KEY).marketingDecision(Channel.EMAIL, "x")).contains(Decision.DENIED);
  }

  @Test
  void whatIsTickedHoldsBesideWhatIsSaidOfEverythingElse() {
    String url = link(Kind.PREFERENCES);
    String shown = "shown=%3Cnews%3E&shown=all";

    call("POST", url, shown + "&on=%3Cnews%3E");
    assertThat(allowed()).containsExactly(Decision.GRANTED, Decision.DENIED);

    call("POST", url, "none=yes");
    call("POST", url, shown + "&on=all");
    assertThat(allowed()).containsExactly(Decision.DENIED, Decision.GRANTED);
  }

  /** About news, and about anything else. */
  private List<Decision> allowed() {
    return Stream.of("<news>", "x")
        .map(topic -> consents.of(KEY).marketingDecision(Channel.EMAIL, topic).orElseThrow())
        .toList();
  }

  @Test
  void thePageShowsWhatWasDecidedElsewhere() {
    Identifier user = new Identifier(Namespace.USER_ID, "ann");
    Recipient ann = known(user, EMAIL.value());
    consents.save(
        user.hash("main"),
        Permissions.NONE.with(
            new Consent(Channel.EMAIL, "news", Decision.DENIED, NOW, null, null)));

    String url = Objects.requireNonNull(links.of(ann).get(Kind.PREFERENCES));

    assertThat(call("GET", url, "").getBody()).contains("value=\"news\">");
  }

  @Test
  void whoeverUnsubscribesDoesSoForAllAddressesThatAreTheirsAndForNobodyElses() {
    Identifier user = new Identifier(Namespace.USER_ID, "ann");
    PersonId other = new Identifier(Namespace.EMAIL, "a.nn@example.com").hash("main");
    Recipient ann = known(user, EMAIL.value(), "a.nn@example.com");
    String url = Objects.requireNonNull(links.of(ann).get(Kind.UNSUBSCRIBE));

    call("POST", url, "");

    for (PersonId id : List.of(KEY, other, user.hash("main"))) {
      assertThat(consents.of(id).decision(Channel.EMAIL, "news")).contains(Decision.DENIED);
    }

    Recipient bob =
        new Recipient(ANN.send(), user.hash("main"), new PersonId("gone"), Channel.EMAIL, "offers");
    call("POST", Objects.requireNonNull(links.of(bob).get(Kind.UNSUBSCRIBE)), "");

    assertThat(consents.of(bob.address()).decision(Channel.EMAIL, "offers"))
        .contains(Decision.DENIED);
    assertThat(consents.of(KEY).decision(Channel.EMAIL, "offers")).isEmpty();
  }

  /** A person with these addresses, who has got a message at our own. */
  private Recipient known(Identifier user, String... emails) {
    Map<Identifier, Instant> identifiers = new HashMap<>(Map.of(user, NOW));
    for (String email : emails) {
      identifiers.put(new Identifier(Namespace.EMAIL, email), NOW);
    }
    people.put(
        new Person(
            user.hash("main"),
            0,
            identifiers,
            Set.of(),
            Map.of(user, Samples.facet(user)),
            Map.of(),
            List.of(),
            null,
            null));
    return new Recipient(ANN.send(), user.hash("main"), KEY, Channel.EMAIL, "news");
  }

  /** A tag that does not end is looked for to the end of the page once, not from each other tag. */
  @Test
  @Timeout(20)
  void linksAreFoundInTimeWhateverThePage() {
    String page = "<a ".repeat(80_000) + "<a href='https://example.com/x'>";

    Rendition led = links.tracked(ANN.send(), new Rendition.Email("s", page, null));

    assertThat(((Rendition.Email) led).html()).contains("href='https://p.example/r/");
  }

  @Test
  void doubleOptInIsGrantedByThePostOnly() {
    String url = link(Kind.CONFIRM);
    assertThat(call("GET", url, "").getBody()).contains("Confirm");
    assertThat(consents.of(KEY).consents()).isEmpty();

    assertThat(call("POST", url, "").getStatusCode()).isEqualTo(200);
    assertThat(consents.of(KEY).decision(Channel.EMAIL, "marketing")).contains(Decision.GRANTED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/o/", "/r/", "/u/"})
  void whoeverHasALinkOfAMessageHasTheMessage(String way) {
    Send sent = sends.find(ANN.send()).orElseThrow();
    SendRequest again =
        new SendRequest(
            new PersonId("ann"),
            "journey:welcome",
            "mail",
            "o2",
            "o2",
            "hello",
            List.of(Channel.EMAIL),
            "<news>",
            null,
            Fields.EMPTY,
            NOW,
            null,
            true);
    sends.store(
        new Send(
            "doubt",
            again,
            NOW,
            State.UNKNOWN,
            1,
            EMAIL,
            Set.of(),
            List.of(),
            null,
            null,
            "timeout"),
        null);
    Rendition.Email tracked =
        (Rendition.Email)
            links.tracked(
                "doubt",
                new Rendition.Email("Hi", "<a href='https://shop.example/'>A</a></body>", null));
    Recipient who = new Recipient("doubt", ANN.person(), KEY, Channel.EMAIL, "news");
    String all = tracked.html() + "'" + links.of(who).get(Kind.UNSUBSCRIBE) + "'";
    Matcher url = Pattern.compile("https://p\\.example" + way + "[^\"']+").matcher(all);
    assertThat(url.find()).isTrue();

    call(way.equals("/u/") ? "POST" : "GET", url.group(), "");

    assertThat(sends.find("doubt").orElseThrow().state()).isEqualTo(State.SENT);
    assertThat(sends.find(ANN.send())).contains(sent);
  }

  @Test
  void aLinkThatIsTooLongToBeLedLeadsWhereItDid() {
    for (int length = 2_900; length < 3_100; length++) {
      String target = "https://shop.example/" + "x".repeat(length);
      Rendition.Email tracked =
          (Rendition.Email)
              links.tracked(
                  ANN.send(),
                  new Rendition.Email("Hi", "<a href='" + target + "'>A</a></body>", null));
      Matcher url =
          Pattern.compile("href='([^']+)'").matcher(Objects.requireNonNull(tracked.html()));
      assertThat(url.find()).isTrue();

      if (!url.group(1).equals(target)) {
        assertThat(call("GET", url.group(1), "").getHeaders()).containsEntry("Location", target);
      }
    }
  }

  @Test
  void clicksAndOpeningsOfPeopleCountAndScansDoNot() {
    Rendition.Email tracked =
        (Rendition.Email)
            links.tracked(
                ANN.send(),
                new Rendition.Email(
                    "Hi",
                    "<html><body><a class=x href=\"https://shop.example/a?b=1&amp;c=2\">A</a>"
                        + "<a href='https://shop.example/z'>Z</a></body></html>",
                    null));
    Matcher urls =
        Pattern.compile("https://p\\.example/[ro]/[^\"']+")
            .matcher(Objects.requireNonNull(tracked.html()));
    List<String> found = urls.results().map(MatchResult::group).toList();
    assertThat(found).hasSize(3);

    now = NOW.plusSeconds(60);
    found.forEach(url -> call("GET", url, ""));
    assertThat(sends.find(ANN.send()).orElseThrow().clicked()).isEmpty();
    assertThat(timers.nextDue(NOW, now.plusSeconds(120))).contains(NOW.plusSeconds(120));

    now = NOW.plusSeconds(600);
    APIGatewayV2HTTPResponse click = call("GET", found.getFirst(), "");
    assertThat(click.getStatusCode()).isEqualTo(302);
    assertThat(click.getHeaders().get("Location")).isEqualTo("https://shop.example/a?b=1&c=2");
    assertThat(sends.find(ANN.send()).orElseThrow().clicked()).contains(now);

    now = NOW.plusSeconds(700);
    APIGatewayV2HTTPResponse image = call("GET", found.getLast(), "");
    assertThat(image.getHeaders().get("Content-Type")).isEqualTo("image/gif");
    assertThat(image.getIsBase64Encoded()).isTrue();
    assertThat(sends.find(ANN.send()).orElseThrow().opened()).contains(now);
  }
}
