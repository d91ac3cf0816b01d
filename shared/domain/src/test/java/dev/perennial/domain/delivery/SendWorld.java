package dev.perennial.domain.delivery;

import dev.perennial.domain.consent.Consent;
import dev.perennial.domain.consent.Counted;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Seen;
import dev.perennial.domain.profile.Trait;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Text;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that a state of the send protocol is made of, and what each step does to it: the stores, the
 * provider, a queue with two messages for one address, two workers. Immutable.
 *
 * @param queued how often each message may still be received
 * @param received how many deliveries there were
 * @param workers what each is about to do; null when idle
 * @param accepted how often the provider took each send
 * @param fault what went wrong for good; null while nothing did
 */
record SendWorld(
    Map<String, Send> sends,
    Map<Address, String> claims,
    Map<PersonId, Permissions> permissions,
    Set<String> timers,
    boolean merged,
    List<Integer> queued,
    int received,
    List<@Nullable Worker> workers,
    Map<String, Integer> accepted,
    int faultsLeft,
    @Nullable String fault) {

  static final String WORKSPACE = "main";
  static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
  static final int DELIVERIES = 4;

  private static final Identifier MAIL = new Identifier(Namespace.EMAIL, "e@example.com");
  private static final Address EMAIL = new Address(Address.Kind.EMAIL, MAIL.value());
  private static final Person ANN = person("ann");
  private static final Person BOB = person("bob");
  private static final Person BOTH = person("ann", "bob");
  static final List<SendRequest> REQUESTS = List.of(request("ann"), request("bob"));
  static final List<SendProtocol> PROTOCOLS =
      REQUESTS.stream().map(request -> new SendProtocol(WORKSPACE, request, NOW)).toList();
  private static final Content CONTENT =
      new Content(
          "hello",
          1,
          Map.of(
              Channel.EMAIL,
              new Rendition.Email("Hi", null, "Hi"),
              Channel.PUSH,
              new Rendition.Push("Hi", "Hi", null, null, Fields.EMPTY)));

  /** A worker with one message. */
  record Worker(int request, SendStep step) {}

  SendWorld {
    sends = Map.copyOf(sends);
    claims = Map.copyOf(claims);
    permissions = Map.copyOf(permissions);
    timers = Set.copyOf(timers);
    queued = List.copyOf(queued);
    accepted = Map.copyOf(accepted);
  }

  static SendWorld beginning(int faults) {
    List<@Nullable Worker> idle = new ArrayList<>();
    idle.add(null);
    idle.add(null);
    return new SendWorld(
        Map.of(),
        Map.of(),
        Map.of(),
        Set.of(),
        false,
        List.of(1, 1),
        0,
        idle,
        Map.of(),
        faults,
        null);
  }

  static String id(int request) {
    return SendMessage.id(WORKSPACE, REQUESTS.get(request));
  }

  Person person(int request) {
    return merged ? BOTH : request == 0 ? ANN : BOB;
  }

  boolean denied() {
    return !permissions.getOrDefault(EMAIL.key(WORKSPACE), Permissions.NONE).consents().isEmpty();
  }

  /** The decision that the real rules make of what is stored now. */
  Decision decide(SendStep.Weigh weigh, int request) {
    Set<PersonId> ids = Circumstances.ids(REQUESTS.get(request), weigh.person(), WORKSPACE);
    return DecideSend.decide(
        REQUESTS.get(request),
        new Circumstances(
            WORKSPACE,
            weigh.person(),
            CONTENT,
            ids.stream()
                .collect(
                    Collectors.toMap(
                        id -> id, id -> permissions.getOrDefault(id, Permissions.NONE))),
            Policy.SHIPPED,
            new PauseSwitch.Position(Set.of(), null),
            weigh.known(),
            weigh.avoided(),
            Links.NONE,
            NOW),
        PLAIN);
  }

  private static final Templates PLAIN =
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

  /** What a claim finds. */
  Sends.Claim claims(SendStep.Claim claim, boolean conditions) {
    if (!conditions) {
      return Sends.Claim.CLAIMED;
    }
    if (!isKnown(claim.send().id(), claim.known())) {
      return Sends.Claim.TAKEN;
    }
    Address to = claim.message().to();
    if (!claims.getOrDefault(to, claim.send().id()).equals(claim.send().id())) {
      return Sends.Claim.DUPLICATE;
    }
    boolean unchanged =
        claim.fence().asked().entrySet().stream()
            .allMatch(
                asked ->
                    permissions
                        .getOrDefault(asked.getKey(), Permissions.NONE)
                        .equals(asked.getValue()));
    return unchanged ? Sends.Claim.CLAIMED : Sends.Claim.STALE;
  }

  /** After a claim that held. */
  SendWorld claimed(SendStep.Claim claim) {
    Send send = claim.send();
    Address to = claim.message().to();
    Map<PersonId, Permissions> counted = new HashMap<>(permissions);
    for (PersonId id : claim.fence().counting()) {
      counted.put(
          id,
          counted
              .getOrDefault(id, Permissions.NONE)
              .counting(new Counted(send.id(), to.channel(), "marketing", NOW, true))
              .stored());
    }
    Map<Address, String> next = new HashMap<>(claims);
    next.put(to, send.id());
    SendWorld after = with(plus(sends, send.id(), send), next, counted);
    return denied() ? after.failed("claimed after the opt-out was committed") : after;
  }

  boolean isKnown(String id, @Nullable Send known) {
    Send now = sends.get(id);
    if (now == null || known == null) {
      return now == null && known == null;
    }
    return now.state() == known.state() && now.attempts() == known.attempts();
  }

  SendWorld stored(Send send) {
    return with(plus(sends, send.id(), send), claims, permissions);
  }

  /** Whether how an attempt went may be stored. */
  boolean settles(Send send) {
    Send now = sends.get(send.id());
    return now != null && now.attempts() == send.attempts() && now.state().givesWayTo(send.state());
  }

  SendWorld accepting(SendStep.Deliver deliver) {
    String id = deliver.claimed().id();
    SendWorld after = with(plus(accepted, id, accepted.getOrDefault(id, 0) + 1));
    if (after.accepted.values().stream().mapToInt(n -> n).sum() > 1) {
      return after.failed("one address got it twice");
    }
    Send now = sends.get(id);
    boolean ours = now != null && now.attempts() >= deliver.claimed().attempts();
    return denied() && !ours ? after.failed("sent after the opt-out was committed") : after;
  }

  /** When nothing is left to happen to a message: it must be clear what became of it. */
  SendWorld checked(int request) {
    boolean over =
        queued.get(request) == 0
            && workers.stream().allMatch(worker -> worker == null || worker.request() != request);
    if (!over) {
      return this;
    }
    Send send = sends.get(id(request));
    boolean went = accepted.getOrDefault(id(request), 0) > 0;
    if (send == null) {
      return failed("lost without a trace");
    }
    return switch (send.state()) {
      case SENT -> went ? this : failed("said to be sent, and was not");
      case UNKNOWN -> this;
      case DEFERRED -> timers.contains(send.id()) ? this : failed("deferred for ever");
      case NOT_SENT, REFUSED -> went ? failed("said not to be sent, and was") : this;
      case CLAIMED, RETRYABLE -> failed("left in the midst: " + send.state());
    };
  }

  SendWorld registered(String id) {
    Set<String> next = new HashSet<>(timers);
    next.add(id);
    return new SendWorld(
        sends,
        claims,
        permissions,
        next,
        merged,
        queued,
        received,
        workers,
        accepted,
        faultsLeft,
        fault);
  }

  SendWorld worker(int index, @Nullable Worker next) {
    List<@Nullable Worker> all = new ArrayList<>(workers);
    all.set(index, next);
    return new SendWorld(
        sends,
        claims,
        permissions,
        timers,
        merged,
        queued,
        received,
        all,
        accepted,
        faultsLeft,
        fault);
  }

  SendWorld queue(int request, int change, int deliveries) {
    List<Integer> next = new ArrayList<>(queued);
    next.set(request, next.get(request) + change);
    return new SendWorld(
        sends,
        claims,
        permissions,
        timers,
        merged,
        next,
        received + deliveries,
        workers,
        accepted,
        faultsLeft,
        fault);
  }

  SendWorld faulty() {
    return new SendWorld(
        sends,
        claims,
        permissions,
        timers,
        merged,
        queued,
        received,
        workers,
        accepted,
        faultsLeft - 1,
        fault);
  }

  /** What is stored once somebody objected to all channels: a word under each address. */
  SendWorld optedOut() {
    Map<PersonId, Permissions> next = new HashMap<>(permissions);
    Stream.of(
            EMAIL,
            new Address(Address.Kind.FCM, "token:ann"),
            new Address(Address.Kind.FCM, "token:bob"))
        .forEach(
            address -> {
              Consent denial =
                  new Consent(
                      address.channel(),
                      Consent.ALL,
                      Consent.Decision.DENIED,
                      NOW,
                      "consent",
                      "preferences");
              PersonId key = address.key(WORKSPACE);
              next.put(key, next.getOrDefault(key, Permissions.NONE).with(denial).stored());
            });
    return with(sends, claims, next);
  }

  SendWorld merging() {
    return new SendWorld(
        sends,
        claims,
        permissions,
        timers,
        true,
        queued,
        received,
        workers,
        accepted,
        faultsLeft,
        fault);
  }

  private SendWorld with(
      Map<String, Send> nextSends,
      Map<Address, String> nextClaims,
      Map<PersonId, Permissions> nextPermissions) {
    return new SendWorld(
        nextSends,
        nextClaims,
        nextPermissions,
        timers,
        merged,
        queued,
        received,
        workers,
        accepted,
        faultsLeft,
        fault);
  }

  private SendWorld with(Map<String, Integer> nextAccepted) {
    return new SendWorld(
        sends,
        claims,
        permissions,
        timers,
        merged,
        queued,
        received,
        workers,
        nextAccepted,
        faultsLeft,
        fault);
  }

  private SendWorld failed(String what) {
    return new SendWorld(
        sends,
        claims,
        permissions,
        timers,
        merged,
        queued,
        received,
        workers,
        accepted,
        faultsLeft,
        what);
  }

  private static <K, V> Map<K, V> plus(Map<K, V> map, K key, V value) {
    Map<K, V> next = new HashMap<>(map);
    next.put(key, value);
    return next;
  }

  private static SendRequest request(String person) {
    return new SendRequest(
        new Identifier(Namespace.USER_ID, person).hash(WORKSPACE),
        "journey:hello",
        "mail",
        person,
        "once",
        "hello",
        List.of(Channel.EMAIL, Channel.PUSH),
        "marketing",
        null,
        Fields.EMPTY,
        NOW,
        null,
        false);
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
