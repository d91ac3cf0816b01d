package dev.perennial.domain.delivery;

import dev.perennial.domain.consent.Block;
import dev.perennial.domain.consent.Consent;
import dev.perennial.domain.consent.Counted;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.delivery.Send.State;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Seen;
import dev.perennial.domain.profile.Trait;
import dev.perennial.domain.timer.Due;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Text;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that a state of the send protocol is made of, and what each step does to it: the stores, the
 * provider, a queue, timers, two workers. Immutable.
 *
 * @param timers that will fire, again and again until they are deleted
 * @param clock of all workers that begin
 * @param woken of timers that fired: messages that come again
 * @param paused whether all channels are
 * @param untold messages of which nobody was told yet that their address is blocked
 * @param news how much of the provider's news of each send was recorded: the receipt, then that it
 *     arrived
 * @param queued how often each message may still be received
 * @param received how many deliveries there were
 * @param fired how many timers there were
 * @param workers what each is about to do; null when idle
 * @param accepted how often the provider took each send for each address
 * @param fault what went wrong for good; null while nothing did
 */
record SendWorld(
    Scenario scenario,
    Map<String, Send> sends,
    Map<Address, String> claims,
    Map<PersonId, Permissions> permissions,
    Instant clock,
    Set<Timer> timers,
    Set<Timer> woken,
    boolean paused,
    boolean merged,
    Set<Integer> untold,
    Map<String, Integer> news,
    List<Integer> queued,
    int received,
    int fired,
    List<@Nullable Worker> workers,
    Map<Taken, Integer> accepted,
    int faultsLeft,
    @Nullable String fault) {

  static final String WORKSPACE = "main";
  static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
  static final int DELIVERIES = 4;
  static final int FIRINGS = 3;

  /** No function that sends runs longer. */
  private static final Duration LIFE = Duration.ofMinutes(1);

  /** As often a message that may go at least once may go. */
  private static final int MOST_ACCEPTED = 4;

  private static final Identifier MAIL = new Identifier(Namespace.EMAIL, "e@example.com");
  private static final Address EMAIL = new Address(Address.Kind.EMAIL, MAIL.value());
  private static final Person ANN = person("ann");
  private static final Person BOB = person("bob");
  private static final Person BOTH = person("ann", "bob");
  private static final Content CONTENT =
      new Content(
          "hello",
          1,
          Map.of(
              Channel.EMAIL,
              new Rendition.Email("Hi", null, "Hi"),
              Channel.PUSH,
              new Rendition.Push("Hi", "Hi", null, null, Fields.EMPTY)));

  private static final List<SendRequest> ONE_ROUND =
      List.of(request("ann", "marketing", false), request("bob", "marketing", false));
  private static final List<SendRequest> MARKETING = List.of(request("ann", "marketing", false));
  private static final List<SendRequest> AT_LEAST_ONCE =
      List.of(request("ann", Policy.TRANSACTIONAL, true));

  /** What is explored, and what may happen in it beside crashes and what providers do. */
  enum Scenario {
    /** Two people with one address, who object or are merged. */
    ROUND,
    /** Sending is paused and resumed, and what waits goes by its timer. */
    HELD,
    /** A message goes at least once, and providers tell of it. */
    AGAIN,
    /** A message goes at least once, is held, and is no more wanted. */
    ENDED;

    List<SendRequest> requests() {
      return switch (this) {
        case ROUND -> ONE_ROUND;
        case HELD -> MARKETING;
        case AGAIN, ENDED -> AT_LEAST_ONCE;
      };
    }

    boolean has(Happening happening) {
      return switch (happening) {
        case OPT_OUT -> this != AGAIN;
        case MERGE -> this == ROUND;
        case PAUSE -> this == HELD || this == ENDED;
        case NEWS -> this == AGAIN;
      };
    }

    SendProtocol protocol(int request, Instant now) {
      return new SendProtocol(WORKSPACE, requests().get(request), now);
    }

    String id(int request) {
      return SendMessage.id(WORKSPACE, requests().get(request));
    }
  }

  /** What else may happen. */
  enum Happening {
    OPT_OUT,
    MERGE,
    PAUSE,
    NEWS
  }

  /**
   * A worker with one message.
   *
   * @param now by its clock
   * @param timer that woke it; null when the queue did
   */
  record Worker(int request, Instant now, @Nullable Timer timer, SendStep step) {
    Worker at(SendStep next) {
      return new Worker(request, now, timer, next);
    }
  }

  /** A registered timer of a send. */
  record Timer(int request, Instant minute) {}

  /** What the provider took. */
  record Taken(String send, Address to) {}

  // Copies of what is a copy already are none.
  SendWorld {
    sends = Map.copyOf(sends);
    claims = Map.copyOf(claims);
    permissions = Map.copyOf(permissions);
    timers = Set.copyOf(timers);
    woken = Set.copyOf(woken);
    untold = Set.copyOf(untold);
    news = Map.copyOf(news);
    queued = List.copyOf(queued);
    accepted = Map.copyOf(accepted);
  }

  static SendWorld beginning(Scenario scenario, int faults) {
    List<@Nullable Worker> idle = new ArrayList<>();
    idle.add(null);
    idle.add(null);
    return new SendWorld(
        scenario,
        Map.of(),
        Map.of(),
        Map.of(),
        NOW,
        Set.of(),
        Set.of(),
        false,
        false,
        Set.of(),
        Map.of(),
        scenario.requests().stream().map(_ -> 1).toList(),
        0,
        0,
        idle,
        Map.of(),
        faults,
        null);
  }

  /** The parts of a world while it changes. */
  private static final class Draft {
    private final Scenario scenario;
    private Map<String, Send> sends;
    private Map<Address, String> claims;
    private Map<PersonId, Permissions> permissions;
    private Instant clock;
    private Set<Timer> timers;
    private Set<Timer> woken;
    private boolean paused;
    private boolean merged;
    private Set<Integer> untold;
    private Map<String, Integer> news;
    private List<Integer> queued;
    private int received;
    private int fired;
    private List<@Nullable Worker> workers;
    private Map<Taken, Integer> accepted;
    private int faultsLeft;
    private @Nullable String fault;

    Draft(SendWorld world) {
      scenario = world.scenario;
      sends = world.sends;
      claims = world.claims;
      permissions = world.permissions;
      clock = world.clock;
      timers = world.timers;
      woken = world.woken;
      paused = world.paused;
      merged = world.merged;
      untold = world.untold;
      news = world.news;
      queued = world.queued;
      received = world.received;
      fired = world.fired;
      workers = world.workers;
      accepted = world.accepted;
      faultsLeft = world.faultsLeft;
      fault = world.fault;
    }

    void store(Send send) {
      Send known = sends.get(send.id());
      sends = plus(sends, send.id(), send);
      if (known != null) {
        known
            .released(send)
            .filter(left -> send.id().equals(claims.get(left)))
            .ifPresent(left -> claims = without(claims, left));
      }
    }

    void fail(String what) {
      fault = fault == null ? what : fault;
    }

    SendWorld world() {
      return new SendWorld(
          scenario,
          sends,
          claims,
          permissions,
          clock,
          timers,
          woken,
          paused,
          merged,
          untold,
          news,
          queued,
          received,
          fired,
          workers,
          accepted,
          faultsLeft,
          fault);
    }
  }

  private static <K, V> Map<K, V> plus(Map<K, V> map, K key, V value) {
    Map<K, V> next = new HashMap<>(map);
    next.put(key, value);
    return next;
  }

  private static <K, V> Map<K, V> without(Map<K, V> map, K key) {
    Map<K, V> next = new HashMap<>(map);
    next.remove(key);
    return next;
  }

  private static <T> Set<T> plus(Set<T> all, T one) {
    Set<T> next = new HashSet<>(all);
    next.add(one);
    return next;
  }

  private static <T> Set<T> minus(Set<T> all, T one) {
    Set<T> next = new HashSet<>(all);
    next.remove(one);
    return next;
  }

  private SendWorld but(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.world();
  }

  String id(int request) {
    return scenario.id(request);
  }

  Person person(int request) {
    return merged ? BOTH : request == 0 ? ANN : BOB;
  }

  boolean denied() {
    return !of(EMAIL.key(WORKSPACE)).consents().isEmpty();
  }

  private Permissions of(PersonId id) {
    return permissions.getOrDefault(id, Permissions.NONE);
  }

  private boolean isTransactional() {
    return scenario.requests().getFirst().atLeastOnce();
  }

  private PauseSwitch.Position position() {
    return new PauseSwitch.Position(paused ? EnumSet.allOf(Channel.class) : Set.of(), null);
  }

  /** The decision that the real rules make of what is stored now. */
  Decision decide(SendStep.Weigh weigh, Worker worker) {
    SendRequest request = scenario.requests().get(worker.request());
    Set<PersonId> ids = Circumstances.ids(request, weigh.person(), WORKSPACE);
    return DecideSend.decide(
        request,
        new Circumstances(
            WORKSPACE,
            weigh.person(),
            CONTENT,
            ids.stream()
                .collect(
                    Collectors.toMap(
                        id -> id, id -> permissions.getOrDefault(id, Permissions.NONE))),
            Policy.SHIPPED,
            position(),
            weigh.known(),
            weigh.avoided(),
            Links.NONE,
            worker.now()),
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

  /**
   * What a claim finds.
   *
   * @param minded what it is conditional on beside the send and its address
   */
  Sends.Claim claims(SendStep.Claim claim, Set<Minded> minded) {
    if (minded.isEmpty()) {
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
    return unchanged && !(paused && minded.contains(Minded.PAUSE))
        ? Sends.Claim.CLAIMED
        : Sends.Claim.STALE;
  }

  /** What a claim is conditional on. */
  enum Minded {
    CONSENT,
    PAUSE
  }

  /** After a claim that held. */
  SendWorld claimed(SendStep.Claim claim) {
    Send send = claim.send();
    Address to = claim.message().to();
    return but(
        draft -> {
          for (PersonId id : claim.fence().counting()) {
            Permissions known = draft.permissions.getOrDefault(id, Permissions.NONE);
            draft.permissions =
                plus(draft.permissions, id, known.counting(counted(claim, to)).stored());
          }
          draft.store(send);
          draft.claims = plus(draft.claims, to, send.id());
          if (denied()) {
            draft.fail("claimed after the opt-out was committed");
          }
          if (paused) {
            draft.fail("claimed while sending was paused");
          }
          if (news.getOrDefault(send.id(), 0) == ALL_NEWS) {
            draft.fail("claimed though it was known to have arrived");
          }
        });
  }

  private static Counted counted(SendStep.Claim claim, Address to) {
    return new Counted(
        claim.send().id(),
        to.channel(),
        claim.send().request().topic(),
        claim.send().at(),
        claim.fence().marketing());
  }

  boolean isKnown(String id, @Nullable Send known) {
    Send now = sends.get(id);
    if (now == null || known == null) {
      return now == null && known == null;
    }
    return now.state() == known.state()
        && now.attempts() == known.attempts()
        && Objects.equals(now.due(), known.due());
  }

  /** Receipts of it stay. */
  SendWorld stored(Send send) {
    Send known = sends.get(send.id());
    Send next = known == null ? send : heard(send, known);
    return but(draft -> draft.store(next));
  }

  private static Send heard(Send send, Send known) {
    Instant delivered = known.receipts().get(Receipt.Kind.DELIVERED);
    return delivered == null
        ? send
        : send.with(new Receipt(send.id(), Receipt.Kind.DELIVERED, delivered, null));
  }

  /** With the address that the send claimed free for others. */
  SendWorld freed(Send send) {
    Address to = send.to();
    return to == null ? this : but(draft -> draft.claims = without(draft.claims, to));
  }

  /** Whether how an attempt went may be stored. */
  boolean settles(Send send) {
    Send now = sends.get(send.id());
    return now != null && now.givesWayTo(send);
  }

  SendWorld accepting(SendStep.Deliver deliver) {
    String id = deliver.claimed().id();
    Address to = deliver.message().to();
    return but(
        draft -> {
          Taken taken = new Taken(id, to);
          draft.accepted = plus(accepted, taken, accepted.getOrDefault(taken, 0) + 1);
          int most = isTransactional() ? MOST_ACCEPTED : 1;
          if (sum(draft, one -> one.to().equals(to)) > most) {
            draft.fail("one address got it twice");
          }
          if (sum(draft, one -> one.send().equals(id)) > most) {
            draft.fail("one message went twice");
          }
          Send now = sends.get(id);
          boolean ours = now != null && now.attempts() >= deliver.claimed().attempts();
          if (denied() && !ours) {
            draft.fail("sent after the opt-out was committed");
          }
        });
  }

  private static int sum(Draft draft, Predicate<Taken> which) {
    return draft.accepted.entrySet().stream()
        .filter(taken -> which.test(taken.getKey()))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  private boolean went(String id) {
    return accepted.keySet().stream().anyMatch(taken -> taken.send().equals(id));
  }

  /** When nothing is left to happen to a message: it must be clear what became of it. */
  SendWorld checked(int request) {
    boolean over =
        queued.get(request) == 0
            && workers.stream().allMatch(worker -> worker == null || worker.request() != request);
    String flaw = over ? flaw(request, sends.get(id(request))) : null;
    return flaw == null ? this : but(draft -> draft.fail(flaw));
  }

  private @Nullable String flaw(int request, @Nullable Send send) {
    if (send == null) {
      return "lost without a trace";
    }
    boolean went = went(send.id());
    boolean awaited =
        Stream.concat(timers.stream(), woken.stream())
            .anyMatch(timer -> timer.request() == request);
    if (news.getOrDefault(send.id(), 0) == ALL_NEWS && send.state() != State.SENT) {
      return "known to have arrived, and not said to be sent";
    }
    if (untold.contains(request) && !awaited) {
      return "blocked, and nobody was told";
    }
    String stated = stated(request, send, went, awaited);
    return stated == null ? counting(send, went) : stated;
  }

  private @Nullable String stated(int request, Send send, boolean went, boolean awaited) {
    return switch (send.state()) {
      case SENT -> went ? null : "said to be sent, and was not";
      case UNKNOWN ->
          send.request().atLeastOnce() && send.attempts() < MOST_ACCEPTED && !awaited
              ? "not sent again"
              : null;
      case DEFERRED -> isRegistered(request, send) ? null : "deferred for ever";
      case NOT_SENT, REFUSED -> went ? "said not to be sent, and was" : null;
      case CLAIMED, RETRYABLE -> awaited ? null : "left in the midst: " + send.state();
    };
  }

  private @Nullable String counting(Send send, boolean went) {
    boolean counted =
        permissions.values().stream()
            .flatMap(one -> one.counted().stream())
            .anyMatch(one -> one.send().equals(send.id()));
    boolean over =
        switch (send.state()) {
          case SENT, UNKNOWN, CLAIMED, RETRYABLE -> false;
          case DEFERRED, NOT_SENT, REFUSED -> !send.doubtful();
        };
    if (over && counted) {
      return "counts, and nobody accepted it";
    }
    return went && !counted ? "went, and does not count" : null;
  }

  private boolean isRegistered(int request, Send send) {
    return send.due() != null && timers.contains(new Timer(request, Due.wholeMinute(send.due())));
  }

  /** With what nobody accepted counted no more. */
  SendWorld uncounted(SendStep.Uncount uncount) {
    Send known = Objects.requireNonNull(uncount.next().known());
    return but(
        draft ->
            permissions.forEach(
                (id, one) -> {
                  if (one.isCounted(known.id(), known.at())) {
                    draft.permissions =
                        plus(draft.permissions, id, one.without(known.id(), known.at()).stored());
                  }
                }));
  }

  SendWorld suppressed(int request, SendStep.Suppress suppress) {
    Send refused = suppress.refused();
    PersonId address = Objects.requireNonNull(refused.to()).key(WORKSPACE);
    Permissions known = of(address);
    Permissions next = known.with(new Block(Objects.requireNonNull(refused.block()), refused.at()));
    return next.equals(known)
        ? this
        : but(
            draft -> {
              draft.permissions = plus(draft.permissions, address, next.stored());
              draft.untold = plus(draft.untold, request);
            });
  }

  SendWorld told(int request) {
    return but(draft -> draft.untold = minus(draft.untold, request));
  }

  SendWorld registered(int request, Send send) {
    Instant due = send.due();
    return due == null
        ? this
        : but(draft -> draft.timers = plus(draft.timers, new Timer(request, Due.wholeMinute(due))));
  }

  SendWorld without(Timer timer) {
    return but(draft -> draft.timers = minus(draft.timers, timer));
  }

  SendWorld worker(int index, @Nullable Worker next) {
    List<@Nullable Worker> all = new ArrayList<>(workers);
    all.set(index, next);
    return but(draft -> draft.workers = all);
  }

  SendWorld queue(int request, int change, int deliveries) {
    return but(
        draft -> {
          List<Integer> next = new ArrayList<>(queued);
          next.set(request, queued.get(request) + change);
          draft.queued = next;
          draft.received += deliveries;
        });
  }

  /** Whether nobody is left who began so long ago that they must have ended by then. */
  boolean mayBe(Instant minute) {
    return workers.stream()
        .allMatch(worker -> worker == null || !worker.now().plus(LIFE).isBefore(minute));
  }

  /** Once that timer fired, or the message of one that fired came again. */
  SendWorld firing(Timer timer) {
    return but(
        draft -> {
          draft.fired++;
          draft.clock = timer.minute().isAfter(clock) ? timer.minute() : clock;
          draft.woken = minus(draft.woken, timer);
        });
  }

  SendWorld waking(Timer timer) {
    return but(draft -> draft.woken = plus(draft.woken, timer));
  }

  SendWorld faulty() {
    return but(draft -> draft.faultsLeft--);
  }

  /** What is stored once somebody objected to all channels: a word under each address. */
  SendWorld optedOut() {
    return but(
        draft ->
            Stream.of(
                    EMAIL,
                    new Address(Address.Kind.FCM, "token:ann"),
                    new Address(Address.Kind.FCM, "token:bob"))
                .forEach(
                    address -> {
                      Consent denial =
                          new Consent(
                              address.channel(),
                              isTransactional() ? Policy.TRANSACTIONAL : Consent.ALL,
                              Consent.Decision.DENIED,
                              NOW,
                              "consent",
                              "preferences");
                      PersonId key = address.key(WORKSPACE);
                      draft.permissions =
                          plus(
                              draft.permissions,
                              key,
                              permissions
                                  .getOrDefault(key, Permissions.NONE)
                                  .with(denial)
                                  .stored());
                    }));
  }

  SendWorld merging() {
    return but(draft -> draft.merged = true);
  }

  SendWorld pausing(boolean next) {
    return but(draft -> draft.paused = next);
  }

  static final int ALL_NEWS = 2;

  /** Whether the provider has news of that send, of which something is not recorded yet. */
  boolean hasNews(int request) {
    return went(id(request)) && news.getOrDefault(id(request), 0) < ALL_NEWS;
  }

  /**
   * Once the receipt is stored; and once it is stored what it means.
   *
   * @param heeded false when nothing is stored
   */
  SendWorld hearing(int request, boolean heeded) {
    String id = id(request);
    Send known = sends.get(id);
    if (known == null) {
      return this;
    }
    int next = news.getOrDefault(id, 0) + 1;
    return but(
        draft -> {
          draft.news = plus(draft.news, id, next);
          if (!heeded) {
            return;
          }
          if (next < ALL_NEWS) {
            draft.store(known.with(new Receipt(id, Receipt.Kind.DELIVERED, NOW, null)));
          } else {
            known.arrived("p").filter(this::settles).ifPresent(draft::store);
          }
        });
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
