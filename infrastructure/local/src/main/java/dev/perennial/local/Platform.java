package dev.perennial.local;

import dev.perennial.aws.queues.SqsClients;
import dev.perennial.local.aws.Backends;
import dev.perennial.local.aws.Gateway;
import dev.perennial.local.clock.ClockMoves;
import dev.perennial.local.clock.EachMinute;
import dev.perennial.local.clock.MovableClock;
import dev.perennial.local.clock.Schedules;
import dev.perennial.local.hosting.FunctionLog;
import dev.perennial.local.hosting.Gate;
import dev.perennial.local.hosting.HostedFunction;
import dev.perennial.local.hosting.RoutedOutput;
import dev.perennial.local.http.Front;
import dev.perennial.local.http.LocalRoutes;
import dev.perennial.local.providers.Receipts;
import dev.perennial.local.queues.Activity;
import dev.perennial.local.queues.Drain;
import dev.perennial.local.queues.Poller;
import dev.perennial.local.queues.QueueBoard;
import dev.perennial.topology.Function;
import dev.perennial.topology.Queue;
import dev.perennial.topology.Setting;
import dev.perennial.topology.Topology;
import dev.perennial.topology.Trigger;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The whole platform in this JVM, made from the topology: the HTTP front, the functions, their
 * pollers and schedules, and the services they run on.
 */
public final class Platform implements AutoCloseable {

  /**
   * How to start.
   *
   * @param port of the HTTP front; 0 takes a free one
   * @param data folder that keeps tables and clock over restarts, or null for memory
   * @param root folder of the repository, with all functions packaged in it
   * @param variables that every function is told instead of, or beside, its own
   */
  public record Options(int port, @Nullable Path data, Path root, Map<String, String> variables) {
    public Options {
      variables = Map.copyOf(variables);
    }

    /** On a free port, in memory. */
    public static Options inMemory(Path root) {
      return new Options(0, null, root, Map.of());
    }

    Path libraries() {
      return root.resolve("infrastructure/local/target");
    }

    Path lib(Function function) {
      return root.resolve("functions").resolve(function.module()).resolve("target/lambda/lib");
    }
  }

  /** How long closing waits for queues to become empty. */
  private static final Duration LAST_WORK = Duration.ofSeconds(5);

  /** What is open, the newest first. */
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  private final Front front;
  private final FunctionLog log;
  private @Nullable URI dynamoDb;

  private Platform(Options options) throws IOException {
    // Before the first connection: answers without Nagle's delay, and one kept connection for each
    // thread that calls.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    System.setProperty("http.maxConnections", "64");
    front = Front.bind(options.port());
    try {
      if (options.data() != null) {
        opened(DataLock.take(options.data())); // before anything in there is written
      }
      log = opened(new FunctionLog(logFile(options), System.out));
    } catch (IOException | RuntimeException e) {
      front.close();
      close();
      throw e;
    }
  }

  /**
   * Starts it; when this returns, it answers.
   *
   * @throws StartFailure when something is missing or in the way
   */
  public static Platform start(Options options) {
    for (Function function : Topology.functions()) {
      if (!Files.isDirectory(options.lib(function))) {
        throw new StartFailure(
            "The function " + function.name() + " is not packaged: build it with mvn -Plocal.");
      }
    }
    Platform platform;
    try {
      platform = new Platform(options);
    } catch (BindException e) {
      throw portNotTaken(options.port(), e);
    } catch (IOException | UncheckedIOException e) {
      throw new StartFailure(String.valueOf(e.getMessage()), e);
    }
    try {
      platform.run(options);
      return platform;
    } catch (RuntimeException e) {
      platform.front.close();
      platform.close();
      throw new StartFailure(e.getMessage() == null ? e.toString() : e.getMessage(), e);
    }
  }

  static StartFailure portNotTaken(int port, BindException e) {
    boolean forbidden = String.valueOf(e.getMessage()).contains("ermission");
    return new StartFailure(
        "Port "
            + port
            + (forbidden ? " is not yours to open" : " is in use")
            + ": choose another with -Dlocal.port=8081, or 0 for any.",
        e);
  }

  private void run(Options options) {
    routeOutput();
    MovableClock clock = new MovableClock(InstantSource.system(), clockFile(options));
    Backends backends = opened(Backends.start(options.libraries(), options.data(), clock));
    dynamoDb = backends.dynamoDb();
    backends.answeringAt(front.uri());
    Stores stores = opened(new Stores(direct(backends.dynamoDb())));
    stores.putKeys();
    Map<Function, HostedFunction> functions = host(options, backends, clock);
    Activity activity = new Activity();
    SqsClient sqs = opened(SqsClients.open(direct(backends.sqs())));
    Drain drain = new Drain(activity, backends.unsettled(), sqs, urls(backends));
    QueueBoard queues = new QueueBoard(backends, sqs);
    functions.values().forEach(function -> poll(function, backends, sqs, activity));
    if (options.data() != null) {
      opened(() -> drain.await(LAST_WORK)); // tables are kept, queues are not
    }
    ClockMoves moves =
        new ClockMoves(
            clock,
            stores::nextDue,
            telling(backends.receipts(), queues, new Schedules(scheduled(functions), activity)),
            drain::await,
            stores::peopleExist);
    begin(moves);
    opened(EachMinute.start(moves, InstantSource.system(), log));
    LocalRoutes local =
        new LocalRoutes(
            backends.inbox(),
            clock,
            moves,
            backends.faults(),
            backends.meter(),
            queues,
            gateways(backends));
    front.start(functions, local, activity, clock, log);
    opened(front);
  }

  /** Where it answers, for example {@code http://127.0.0.1:8080}. */
  public URI uri() {
    return front.uri();
  }

  /** Where its tables are, with no gateway between. */
  public URI dynamoDb() {
    return Objects.requireNonNull(dynamoDb, "it has not started");
  }

  /** Where the functions' output goes. */
  public Path log() {
    return log.file();
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) { // the others are to be closed all the same
        System.err.println("closing: " + e);
      }
    }
  }

  private Map<Function, HostedFunction> host(
      Options options, Backends backends, MovableClock clock) {
    Map<Function, HostedFunction> hosted = new LinkedHashMap<>();
    for (Function function : Topology.functions()) {
      Gate gate = new Informed(backends.gateway(function), told(function, options));
      hosted.put(
          function, opened(new HostedFunction(function, options.lib(function), gate, clock, log)));
    }
    return hosted;
  }

  /** As on AWS, a function is told no setting that it does not read. */
  private static Map<String, String> told(Function function, Options options) {
    Map<String, String> told = new HashMap<>(options.variables());
    for (Setting setting : Setting.values()) {
      if (!function.settings().contains(setting)) {
        told.remove(setting.variable());
      }
    }
    return told;
  }

  /** A gate that tells the function more. */
  private record Informed(Gate gate, Map<String, String> more) implements Gate {
    @Override
    public Map<String, String> variables() {
      Map<String, String> variables = new HashMap<>(gate.variables());
      variables.putAll(more);
      return variables;
    }

    @Override
    public boolean crashed() {
      return gate.crashed();
    }

    @Override
    public void revive() {
      gate.revive();
    }
  }

  private void poll(HostedFunction function, Backends backends, SqsClient sqs, Activity activity) {
    for (Trigger trigger : function.function().triggers()) {
      if (trigger instanceof Trigger.Sqs queue) {
        String url = backends.queueUrl(queue.queue());
        opened(new Poller(sqs, url, queue, function::invoke, activity, backends.unsettled(), log))
            .start();
      }
    }
  }

  private void routeOutput() {
    PrintStream out = System.out;
    PrintStream err = System.err;
    System.setOut(RoutedOutput.over(out));
    System.setErr(RoutedOutput.over(err));
    opened(
        () -> {
          System.setOut(out);
          System.setErr(err);
        });
  }

  private <T extends AutoCloseable> T opened(T part) {
    open.push(part);
    return part;
  }

  /** Variables that lead a client to a service itself, with no gateway between. */
  private static Map<String, String> direct(URI endpoint) {
    return Map.of("AWS_ENDPOINT_URL", endpoint.toString());
  }

  private static void begin(ClockMoves moves) {
    try {
      moves.begin();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the platform started", e);
    }
  }

  private static Map<String, Gateway> gateways(Backends backends) {
    Map<String, Gateway> gateways = new LinkedHashMap<>();
    Topology.functions()
        .forEach(function -> gateways.put(function.name(), backends.gateway(function)));
    return gateways;
  }

  /** At each minute providers tell of their messages first. */
  private static ClockMoves.Tick telling(
      Receipts receipts, QueueBoard queues, ClockMoves.Tick tick) {
    return minute -> {
      receipts.take().forEach(receipt -> queues.put(Queue.RECEIPTS, receipt));
      tick.run(minute);
    };
  }

  private static List<HostedFunction> scheduled(Map<Function, HostedFunction> functions) {
    return functions.values().stream()
        .filter(
            hosted ->
                hosted.function().triggers().stream().anyMatch(Trigger.Schedule.class::isInstance))
        .toList();
  }

  private static List<String> urls(Backends backends) {
    return Arrays.stream(Queue.values()).map(backends::queueUrl).toList();
  }

  /** In memory the port tells several platforms of one checkout apart. */
  private Path logFile(Options options) {
    Path folder = options.data();
    return folder == null
        ? options.libraries().resolve("logs/functions-" + front.uri().getPort() + ".log")
        : folder.resolve("functions.log");
  }

  private static @Nullable Path clockFile(Options options) {
    Path folder = options.data();
    return folder == null ? null : folder.resolve("clock.txt");
  }
}
