package dev.perennial.domain.delivery;

import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Seen;
import dev.perennial.domain.profile.Trait;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Text;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What is explored of the send protocol, and what may happen in it beside crashes and replies. */
enum SendScenario {
  /** Two people with one address, who object or are merged. */
  ROUND,
  /** Two people with one address, of whom one waits for the other. */
  SHARED,
  /** Sending is paused and resumed, and what waits goes by its timer. */
  HELD,
  /** A message goes at least once, and providers tell of it. */
  AGAIN,
  /** A message goes at least once, is held, and is no more wanted. */
  ENDED;

  static final String WORKSPACE = "main";
  static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

  private static final Identifier MAIL = new Identifier(Namespace.EMAIL, "e@example.com");
  static final Address EMAIL = new Address(Address.Kind.EMAIL, MAIL.value());
  private static final Person ANN = person("ann");
  private static final Person BOB = person("bob");
  private static final Person BOTH = person("ann", "bob");
  static final Content CONTENT =
      new Content(
          "hello",
          1,
          Map.of(
              Channel.EMAIL,
              new Rendition.Email("Hi", null, "Hi"),
              Channel.PUSH,
              new Rendition.Push("Hi", "Hi", null, null, Fields.EMPTY)));

  static final Templates PLAIN =
      new Templates() {
        @Override
        public List<Flaw> check(Rendition template) {
          return List.of();
        }

        @Override
        public Rendering render(Rendition template, Fields variables) {
          return new Rendering.Rendered(template);
        }
      };

  private static final List<SendRequest> ONE_ROUND =
      List.of(request("ann", "marketing", false), request("bob", "marketing", false));
  private static final List<SendRequest> MARKETING = List.of(request("ann", "marketing", false));
  private static final List<SendRequest> AT_LEAST_ONCE =
      List.of(request("ann", Policy.TRANSACTIONAL, true));

  List<SendRequest> requests() {
    return switch (this) {
      case ROUND, SHARED -> ONE_ROUND;
      case HELD -> MARKETING;
      case AGAIN, ENDED -> AT_LEAST_ONCE;
    };
  }

  boolean has(Happening happening) {
    return switch (happening) {
      case OPT_OUT -> this != AGAIN && this != SHARED;
      case MERGE -> this == ROUND;
      case PAUSE -> this == HELD || this == ENDED;
      case NEWS -> this == AGAIN;
    };
  }

  /** How often timers fire at most. */
  int firings() {
    boolean large = Integer.getInteger("laws.scale", 1) > 1;
    return switch (this) {
      case ROUND -> large ? 3 : 1;
      case SHARED -> large ? 3 : 2;
      case HELD, AGAIN, ENDED -> 3;
    };
  }

  /** How much goes wrong at most. */
  int faults() {
    return this == SHARED ? 2 : 3;
  }

  /** Whether copies of a message may also be one that the queue delivered twice. */
  boolean redelivers() {
    return this == HELD || this == AGAIN;
  }

  SendProtocol protocol(int request, Instant now) {
    return new SendProtocol(WORKSPACE, requests().get(request), now);
  }

  String id(int request) {
    return SendMessage.id(WORKSPACE, requests().get(request));
  }

  /** The request of that send. */
  int request(Send send) {
    return id(0).equals(send.id()) ? 0 : 1;
  }

  /** Whom the request is about by then. */
  static Person person(int request, boolean merged) {
    return merged ? BOTH : request == 0 ? ANN : BOB;
  }

  boolean isTransactional() {
    return requests().getFirst().atLeastOnce();
  }

  /** What else may happen. */
  enum Happening {
    OPT_OUT,
    MERGE,
    PAUSE,
    NEWS
  }

  private static SendRequest request(String person, String topic, boolean again) {
    return new SendRequest(
        new Identifier(Namespace.USER_ID, person).hash(WORKSPACE),
        "journey:hello",
        "mail",
        person,
        "once",
        "hello",
        List.of(Channel.EMAIL, Channel.PUSH),
        topic,
        null,
        Fields.EMPTY,
        NOW,
        null,
        again);
  }

  /** Somebody with those user ids, the address and a device of their own. */
  private static Person person(String... users) {
    Map<Identifier, Instant> identifiers = new HashMap<>();
    identifiers.put(MAIL, NOW);
    Stream.of(users).forEach(user -> identifiers.put(new Identifier(Namespace.USER_ID, user), NOW));
    Identifier first = new Identifier(Namespace.USER_ID, users[0]);
    Facet facet =
        new Facet(
            first,
            Map.of(Facet.PUSH_TOKEN, new Trait(new Text("token:" + users[0]), NOW, "m1")),
            Map.of(),
            Map.of(),
            Map.of(),
            "",
            NOW,
            NOW,
            1,
            true,
            Seen.NOTHING,
            List.of(),
            null);
    return new Person(
        first.hash(WORKSPACE),
        1,
        identifiers,
        Set.of(),
        Map.of(first, facet),
        Map.of(),
        List.of(),
        null,
        null);
  }
}
