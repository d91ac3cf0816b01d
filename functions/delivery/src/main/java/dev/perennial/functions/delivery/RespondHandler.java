package dev.perennial.functions.delivery;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.perennial.aws.dynamodb.DynamoClients;
import dev.perennial.aws.dynamodb.DynamoConsents;
import dev.perennial.aws.dynamodb.DynamoDefinitions;
import dev.perennial.aws.dynamodb.DynamoKeys;
import dev.perennial.aws.dynamodb.DynamoLinkKey;
import dev.perennial.aws.dynamodb.DynamoPeople;
import dev.perennial.aws.dynamodb.DynamoSends;
import dev.perennial.aws.dynamodb.DynamoTimers;
import dev.perennial.aws.dynamodb.DynamoTotals;
import dev.perennial.aws.queues.SqsClients;
import dev.perennial.aws.queues.SqsEvents;
import dev.perennial.aws.queues.SqsPublisher;
import dev.perennial.domain.Publisher;
import dev.perennial.domain.access.Keys;
import dev.perennial.domain.access.LinkKey;
import dev.perennial.domain.consent.Consent;
import dev.perennial.domain.consent.Consent.Decision;
import dev.perennial.domain.consent.Consents;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.consent.RecordConsent;
import dev.perennial.domain.definition.Definitions;
import dev.perennial.domain.delivery.Address;
import dev.perennial.domain.delivery.Addresses;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.Links;
import dev.perennial.domain.delivery.Policy;
import dev.perennial.domain.delivery.Receipt;
import dev.perennial.domain.delivery.Recipient;
import dev.perennial.domain.delivery.ReportReceipt;
import dev.perennial.domain.delivery.Sends;
import dev.perennial.domain.delivery.Visit;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.ProfileChange;
import dev.perennial.domain.timer.Due;
import dev.perennial.domain.timer.Timers;
import dev.perennial.json.JourneyCodec;
import dev.perennial.json.ProfileChangeCodec;
import dev.perennial.lambda.Authorizer;
import dev.perennial.lambda.Environment;
import dev.perennial.lambda.HttpAnswer;
import dev.perennial.lambda.HttpApi;
import dev.perennial.lambda.HttpRequest;
import dev.perennial.lambda.Route;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The links in messages, for whoever holds them and without a key: {@code /u} unsubscribes by POST
 * and asks by GET (RFC 8058), {@code /p} is the preference centre, {@code /r} and {@code /o} tell
 * of clicks and openings.
 */
public final class RespondHandler
    implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {

  private static final byte[] GIF =
      Base64.getDecoder().decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");

  private static final String BASIS = "consent";

  /** By then this has ended. */
  private static final Duration SOON = Duration.ofMinutes(2);

  private final String workspace;
  private final LinkTokens tokens;
  private final SignedLinks links;
  private final People people;
  private final Consents consents;
  private final RecordConsent recordConsent;
  private final Definitions definitions;
  private final Sends sends;
  private final Timers timers;
  private final ReportReceipt reportReceipt;
  private final InstantSource clock;
  private final HttpApi api;

  public RespondHandler() {
    this(Environment.current());
  }

  private RespondHandler(Environment environment) {
    var dynamo = DynamoClients.open(environment.variables());
    String table = environment.require("TABLE_DEFINITIONS");
    DynamoConsents consents = new DynamoConsents(dynamo, environment.require("TABLE_PEOPLE"));
    this(
        environment.workspace(),
        new DynamoKeys(dynamo, table),
        new DynamoLinkKey(dynamo, table),
        new DynamoPeople(
            dynamo,
            environment.require("TABLE_PEOPLE"),
            new DynamoTotals(dynamo, table),
            environment.workspace()),
        consents,
        new DynamoDefinitions(dynamo, table),
        new DynamoSends(dynamo, environment.require("TABLE_SENDS"), consents, table),
        new DynamoTimers(dynamo, environment.require("TABLE_TIMERS")),
        new SqsPublisher<>(
            SqsClients.open(environment.variables()),
            environment.require("QUEUE_PROFILE_CHANGES"),
            ProfileChangeCodec::writeMessage),
        new SqsEvents(
            SqsClients.open(environment.variables()), environment.require("QUEUE_EVENTS")),
        environment.clock());
  }

  RespondHandler(
      String workspace,
      Keys keys,
      LinkKey linkKey,
      People people,
      Consents consents,
      Definitions definitions,
      Sends sends,
      Timers timers,
      Publisher<ProfileChange> changes,
      Publisher<Event> events,
      InstantSource clock) {
    this.workspace = workspace;
    this.tokens = new LinkTokens(linkKey);
    this.links = new SignedLinks(tokens, "");
    this.people = people;
    this.consents = consents;
    this.recordConsent = new RecordConsent(workspace, consents, changes);
    this.definitions = definitions;
    this.sends = sends;
    this.timers = timers;
    this.reportReceipt = new ReportReceipt(events);
    this.clock = clock;
    this.api =
        new HttpApi(
            new Authorizer(keys, clock),
            List.of(
                Route.open("GET /u/{token}", this::askToUnsubscribe),
                Route.open("POST /u/{token}", this::unsubscribe),
                Route.open("GET /p/{token}", this::preferences),
                Route.open("POST /p/{token}", this::change),
                Route.open("GET /r/{token}", this::click),
                Route.open("GET /o/{token}", this::open)));
  }

  @Override
  public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
    return api.answer(event, context);
  }

  private HttpAnswer askToUnsubscribe(HttpRequest request) {
    return recipient(request, Links.Kind.UNSUBSCRIBE)
        .map(who -> PreferencePages.unsubscribe(who.channel(), who.topic()))
        .map(page -> HttpAnswer.html(200, page))
        .orElseGet(RespondHandler::invalid);
  }

  /** Whatever the body says: a mail program's says {@code List-Unsubscribe=One-Click}. */
  private HttpAnswer unsubscribe(HttpRequest request) {
    Optional<Recipient> found = recipient(request, Links.Kind.UNSUBSCRIBE);
    if (found.isEmpty()) {
      return invalid();
    }
    Recipient who = found.get();
    decide(who, who.topic(), Decision.DENIED, "unsubscribe link");
    Instant now = clock.instant();
    Receipt receipt = new Receipt(who.send(), Receipt.Kind.UNSUBSCRIBED, now, null);
    sends
        .receive(receipt)
        .ifPresent(
            send -> {
              send.arrived(null).ifPresent(sends::settle);
              Address to = send.to();
              if (to != null && to.key(workspace).equals(who.address())) {
                reportReceipt.report(send, to, receipt, now);
              }
            });
    String preferences = links.of(who).getOrDefault(Links.Kind.PREFERENCES, "");
    return HttpAnswer.html(
        200, PreferencePages.unsubscribed(who.channel(), who.topic(), preferences));
  }

  private HttpAnswer preferences(HttpRequest request) {
    Optional<Recipient> confirming = recipient(request, Links.Kind.CONFIRM);
    if (confirming.isPresent()) {
      return HttpAnswer.html(200, PreferencePages.confirm(confirming.get().channel()));
    }
    return recipient(request, Links.Kind.PREFERENCES)
        .map(who -> PreferencePages.preferences(who.channel(), topics(who), false))
        .map(page -> HttpAnswer.html(200, page))
        .orElseGet(RespondHandler::invalid);
  }

  private HttpAnswer change(HttpRequest request) {
    Optional<Recipient> confirming = recipient(request, Links.Kind.CONFIRM);
    if (confirming.isPresent()) {
      decide(confirming.get(), JourneyCodec.DEFAULT_TOPIC, Decision.GRANTED, "double opt-in link");
      return HttpAnswer.html(200, PreferencePages.confirmed(confirming.get().channel()));
    }
    Optional<Recipient> found = recipient(request, Links.Kind.PREFERENCES);
    if (found.isEmpty()) {
      return invalid();
    }
    Recipient who = found.get();
    Map<String, List<String>> form = request.form();
    if (form.containsKey("none")) {
      decide(who, Consent.ALL, Decision.DENIED, "preference centre");
    } else {
      Set<String> on = Set.copyOf(form.getOrDefault("on", List.of()));
      Set<String> shown = Set.copyOf(form.getOrDefault("shown", List.of()));
      // What is said of all says something of each: whoever ticked that, or not, is asked after it.
      Map<String, Boolean> allowed = topics(who);
      List<String> topics = new ArrayList<>(allowed.keySet());
      topics.sort(Comparator.comparing(topic -> !topic.equals(Consent.ALL)));
      for (String topic : topics) {
        boolean is = allowed.getOrDefault(topic, false);
        if (shown.contains(topic) && is != on.contains(topic)) {
          decide(who, topic, is ? Decision.DENIED : Decision.GRANTED, "preference centre");
          allowed = topic.equals(Consent.ALL) ? topics(who) : allowed;
        }
      }
    }
    return HttpAnswer.html(200, PreferencePages.preferences(who.channel(), topics(who), true));
  }

  private HttpAnswer click(HttpRequest request) {
    return tokens
        .verify(request.path("token"))
        .flatMap(SignedLinks::click)
        .map(
            click -> {
              visit(click.send(), new Visit(click.link(), clock.instant()));
              return HttpAnswer.redirect(click.url());
            })
        .orElseGet(RespondHandler::invalid);
  }

  /**
   * Whoever looks once it is clear who made the visit tells of it. Also what a program visits has
   * arrived.
   */
  private void visit(String id, Visit visit) {
    Receipt.Kind kind = visit.isOpening() ? Receipt.Kind.OPENED : Receipt.Kind.CLICKED;
    sends
        .visit(id, visit)
        .ifPresent(
            send -> {
              if (!send.receipts().containsKey(kind)) {
                timers.register(Due.ofSend(send.request().person(), id, visit.clearAt()));
              }
              send.arrived(null).ifPresent(sends::settle);
            });
  }

  /** An image comes whatever the token is: a broken one would show. */
  private HttpAnswer open(HttpRequest request) {
    String token = request.path("token");
    String bare = token.endsWith(".gif") ? token.substring(0, token.length() - 4) : token;
    tokens
        .verify(bare)
        .map(SignedLinks::opening)
        .ifPresent(send -> visit(send, new Visit("", clock.instant())));
    return HttpAnswer.bytes("image/gif", GIF);
  }

  /**
   * The topics that they were asked about or decided on, and whether messages about each may go.
   */
  private Map<String, Boolean> topics(Recipient who) {
    Permissions permissions = permissions(who);
    Policy policy = DefinedSending.policy(definitions);
    Set<String> topics = new LinkedHashSet<>(List.of(who.topic()));
    permissions.consents().stream()
        .filter(consent -> consent.channel() == who.channel())
        .map(Consent::topic)
        .sorted()
        .forEach(topics::add);
    topics.remove(Consent.ALL);
    topics.add(Consent.ALL);
    Map<String, Boolean> allowed = new LinkedHashMap<>();
    for (String topic : topics) {
      allowed.put(
          topic,
          permissions
              .marketingDecision(who.channel(), topic)
              .map(decision -> decision == Decision.GRANTED)
              .orElse(!policy.onlyOnceGranted().contains(who.channel())));
    }
    return allowed;
  }

  /** Nobody asks again for whoever answered: should this die before it tells, a timer does. */
  private void decide(Recipient who, String topic, Decision decision, String source) {
    Instant now = clock.instant();
    timers.register(Due.ofPerson(who.person(), now.plus(SOON)));
    Consent consent = new Consent(who.channel(), topic, decision, now, BASIS, source);
    Consent last = permissions(who).last(consent);
    Optional<Person> person =
        decision == Decision.DENIED
            ? people.find(who.person()).filter(found -> has(found, who))
            : Optional.empty();
    if (person.isPresent()) {
      // When they part again, all take it along.
      recordConsent.record(people, person.get(), who.address(), last);
    } else {
      recordConsent.record(ids(who), last);
    }
  }

  private boolean has(Person person, Recipient who) {
    return Addresses.all(person, who.channel()).stream()
        .anyMatch(address -> address.key(workspace).equals(who.address()));
  }

  /** Whatever whoever got the message decided, by whichever way. */
  private Permissions permissions(Recipient who) {
    Set<PersonId> all = new HashSet<>(ids(who));
    people.find(who.person()).ifPresent(person -> all.addAll(person.ids(workspace)));
    return Permissions.fold(consents.of(all).values());
  }

  /** An email address and a phone number are among the person's ids; a device is not. */
  private static Set<PersonId> ids(Recipient who) {
    return who.channel() == Channel.PUSH
        ? new LinkedHashSet<>(List.of(who.address(), who.person()))
        : Set.of(who.address());
  }

  private Optional<Recipient> recipient(HttpRequest request, Links.Kind kind) {
    return tokens
        .verify(request.path("token"))
        .flatMap(parts -> SignedLinks.recipient(kind, parts));
  }

  private static HttpAnswer invalid() {
    return HttpAnswer.html(404, PreferencePages.invalid());
  }
}
