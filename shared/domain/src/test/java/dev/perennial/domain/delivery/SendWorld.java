package dev.perennial.domain.delivery;

import dev.perennial.domain.consent.Block;
import dev.perennial.domain.consent.Consent;
import dev.perennial.domain.consent.Counted;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.timer.Due;
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
 * @param redelivers whether all copies of a message are one, which is deleted with each of them
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
    SendScenario scenario,
    boolean redelivers,
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

  static final int DELIVERIES = 4;

  /** No function that sends runs longer. */
  private static final Duration LIFE = Duration.ofMinutes(1);

  /** By then whoever claimed has ended. */
  static final Duration YOUNG = Duration.ofMinutes(2);

  /** As often a message that may go at least once may go. */
  static final int MOST_ACCEPTED = 4;

  /**
   * A worker with one message.
   *
   * @param now by its clock
   * @param timer that woke it; null when the queue did
   * @param deleted whether another worker was done with the same message of the queue meanwhile
   */
  record Worker(int request, Instant now, @Nullable Timer timer, boolean deleted, SendStep step) {
    Worker at(SendStep next) {
      return new Worker(request, now, timer, deleted, next);
    }

    private Worker without(int message) {
      return timer == null && request == message
          ? new Worker(request, now, null, true, step)
          : this;
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

  static SendWorld beginning(SendScenario scenario, boolean redelivers) {
    List<@Nullable Worker> idle = new ArrayList<>();
    idle.add(null);
    idle.add(null);
    return new SendWorld(
        scenario,
        redelivers,
        Map.of(),
        Map.of(),
        Map.of(),
        SendScenario.NOW,
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
        redelivers ? scenario.faults() - 1 : scenario.faults(),
        null);
  }

  /** The parts of a world while it changes. */
  private static final class Draft {
    private final SendScenario scenario;
    private final boolean redelivers;
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
      redelivers = world.redelivers;
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
          redelivers,
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
    return SendScenario.person(request, merged);
  }

  boolean denied() {
    return !of(SendScenario.EMAIL.key(SendScenario.WORKSPACE)).consents().isEmpty();
  }

  private Permissions of(PersonId id) {
    return permissions.getOrDefault(id, Permissions.NONE);
  }

  private boolean isTransactional() {
    return scenario.isTransactional();
  }

  private PauseSwitch.Position position() {
    return new PauseSwitch.Position(paused ? EnumSet.allOf(Channel.class) : Set.of(), null);
  }

  /** The decision that the real rules make of what is stored now. */
  Decision decide(SendStep.Weigh weigh, Worker worker) {
    SendRequest request = scenario.requests().get(worker.request());
    Set<PersonId> ids = Circumstances.ids(request, weigh.person(), SendScenario.WORKSPACE);
    return DecideSend.decide(
        request,
        new Circumstances(
            SendScenario.WORKSPACE,
            weigh.person(),
            SendScenario.CONTENT,
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
        SendScenario.PLAIN);
  }

  /**
   * What a claim finds.
   *
   * @param minded what it is conditional on beside the send and its address
   */
  Sends.Claim claims(SendStep.Claim claim, Set<Minded> minded) {
    if (minded.isEmpty()) {
      return new Sends.Claim.Claimed();
    }
    if (!isKnown(claim.send().id(), claim.known())) {
      return new Sends.Claim.Taken();
    }
    Address to = claim.message().to();
    String holder = claims.getOrDefault(to, claim.send().id());
    if (!holder.equals(claim.send().id())) {
      Send other = sends.get(holder);
      return other == null || !minded.contains(Minded.HOLDER)
          ? new Sends.Claim.Duplicate()
          : Sends.Claim.behind(other, to);
    }
    boolean unchanged =
        claim.fence().asked().entrySet().stream()
            .allMatch(
                asked ->
                    permissions
                        .getOrDefault(asked.getKey(), Permissions.NONE)
                        .equals(asked.getValue()));
    return unchanged && !(paused && minded.contains(Minded.PAUSE))
        ? new Sends.Claim.Claimed()
        : new Sends.Claim.Stale();
  }

  /** What a claim is conditional on. */
  enum Minded {
    CONSENT,
    PAUSE,
    /** Whether whoever holds the address may yet leave it. */
    HOLDER
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

  boolean went(String id) {
    return accepted.keySet().stream().anyMatch(taken -> taken.send().equals(id));
  }

  /** When nothing is left to happen to a message: it must be clear what became of it. */
  SendWorld checked(int request) {
    boolean over =
        queued.get(request) == 0
            && workers.stream().allMatch(worker -> worker == null || worker.request() != request);
    String flaw = over ? new SendEnding(this, request).flaw() : null;
    return flaw == null ? this : but(draft -> draft.fail(flaw));
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
    PersonId address = Objects.requireNonNull(refused.to()).key(SendScenario.WORKSPACE);
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
    return due == null ? this : awaiting(request, due);
  }

  SendWorld awaiting(int request, Instant until) {
    return but(
        draft -> draft.timers = plus(draft.timers, new Timer(request, Due.wholeMinute(until))));
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

  /** Whether the queue may deliver that message once more. */
  boolean mayRepeat(int request) {
    boolean there =
        !redelivers
            || queued.get(request) > 0
            || workers.stream()
                .anyMatch(
                    one ->
                        one != null
                            && one.request() == request
                            && one.timer() == null
                            && !one.deleted());
    return there && received < DELIVERIES && queued.get(request) < 2;
  }

  /** Once the message is deleted, whoever else got it. */
  SendWorld deleted(int request) {
    return but(
        draft -> {
          List<Integer> left = new ArrayList<>(queued);
          left.set(request, 0);
          draft.queued = left;
          List<@Nullable Worker> all = new ArrayList<>();
          workers.forEach(one -> all.add(one == null ? null : one.without(request)));
          draft.workers = all;
        });
  }

  /** Once so much time went by that whatever was claimed was so long ago. */
  SendWorld later(Duration time) {
    return but(draft -> draft.clock = clock.plus(time));
  }

  /** Whether a claim is so young that whoever made it may still be at it. */
  boolean isYoung(int request) {
    Send send = sends.get(id(request));
    return send != null
        && send.state() == Send.State.CLAIMED
        && clock.isBefore(send.at().plus(YOUNG));
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
                    SendScenario.EMAIL,
                    new Address(Address.Kind.FCM, "token:ann"),
                    new Address(Address.Kind.FCM, "token:bob"))
                .forEach(
                    address -> {
                      Consent denial =
                          new Consent(
                              address.channel(),
                              isTransactional() ? Policy.TRANSACTIONAL : Consent.ALL,
                              Consent.Decision.DENIED,
                              SendScenario.NOW,
                              "consent",
                              "preferences");
                      PersonId key = address.key(SendScenario.WORKSPACE);
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
            draft.store(
                known.with(new Receipt(id, Receipt.Kind.DELIVERED, SendScenario.NOW, null)));
          } else {
            known.arrived("p").filter(this::settles).ifPresent(draft::store);
          }
        });
  }
}
