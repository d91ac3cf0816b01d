package dev.perennial.local.aws;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.perennial.local.aws.Crash.Moment;
import dev.perennial.local.hosting.Gate;
import dev.perennial.local.meter.Meter;
import dev.perennial.local.providers.Providers;
import dev.perennial.local.providers.Reply;
import dev.perennial.topology.Function;
import dev.perennial.topology.Grant;
import dev.perennial.topology.Table;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * AWS as one function sees it: a loopback endpoint that carries out what the topology grants the
 * function and refuses the rest in AWS's own words. It also counts calls, and can let the function
 * die at one of them. Safe for use by many threads.
 */
public final class Gateway implements Gate, AutoCloseable {

  private static final String REGION = "us-east-1";
  private static final List<String> PASSED_HEADERS =
      List.of(
          "Content-Type",
          "x-amzn-RequestId",
          "x-amz-crc32",
          "x-amzn-ErrorType",
          "x-amzn-query-error");

  /**
   * The SDK's URL connection client spends a millisecond of waiting on each reuse of a connection
   * (the JDK looks whether it is still open), so a new one is quicker. Only Linux reuses loopback
   * ports fast enough for that.
   */
  private static final boolean ONE_CALL_PER_CONNECTION =
      System.getProperty("os.name").equals("Linux");

  private final Function function;
  private final Set<Permission> granted;
  private final JsonProtocol dynamoDb;
  private final JsonProtocol sqs;
  private final Providers providers;
  private final Meter meter;
  private final Unsettled unsettled;
  private final Set<Permission> used = ConcurrentHashMap.newKeySet();
  private final Map<String, LongAdder> callsByAction = new ConcurrentHashMap<>();

  /** Platform threads: short blocking calls of a few cost a third less than on virtual ones. */
  private final ExecutorService threads;

  private final HttpServer server;
  private final String publicUrl;

  // Guarded by this.
  private @Nullable Moment death;
  private int callsUntilDeath;
  private boolean crashed;

  private Gateway(
      Function function,
      JsonProtocol dynamoDb,
      JsonProtocol sqs,
      Providers providers,
      Meter meter,
      Unsettled unsettled,
      HttpServer server,
      String publicUrl) {
    this.function = function;
    this.granted = Permission.of(function);
    this.dynamoDb = dynamoDb;
    this.sqs = sqs;
    this.providers = providers;
    this.meter = meter;
    this.unsettled = unsettled;
    this.server = server;
    this.publicUrl = publicUrl;
    this.threads =
        Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("gateway-" + function.name() + "-", 0).factory());
  }

  /** Starts a gateway on a free port. */
  static Gateway start(
      Function function,
      JsonProtocol dynamoDb,
      JsonProtocol sqs,
      Providers providers,
      Meter meter,
      Unsettled unsettled,
      String publicUrl) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      Gateway gateway =
          new Gateway(function, dynamoDb, sqs, providers, meter, unsettled, server, publicUrl);
      server.setExecutor(gateway.threads);
      server.createContext("/", gateway::handle);
      server.start();
      return gateway;
    } catch (IOException e) {
      throw new IllegalStateException(
          "The gateway of " + function.name() + " did not start: " + e.getMessage(), e);
    }
  }

  /** The function's {@code AWS_ENDPOINT_URL}. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Environment variables that AWS and the topology give the function. */
  @Override
  public Map<String, String> variables() {
    Map<String, String> variables = new HashMap<>();
    variables.put("AWS_ENDPOINT_URL", uri().toString());
    variables.put("AWS_REGION", REGION);
    variables.put("WEBHOOK_TARGETS", "anywhere");
    // What failed comes again within seconds.
    variables.put("SLOW_WEBHOOKS_FOR", "PT1S");
    variables.put("AWS_ACCESS_KEY_ID", "local");
    variables.put("AWS_SECRET_ACCESS_KEY", "local");
    for (Grant grant : function.grants()) {
      switch (grant) {
        case Grant.OnTable on -> {
          variables.put(on.table().variable(), on.table().title());
          if (on.table() == Table.DEFINITIONS) {
            // Idle means that nothing acts on an old definition any more, so none is kept.
            variables.put("DEFINITIONS_FRESH_FOR", "PT0S");
          }
        }
        case Grant.OnQueue on ->
            variables.put(on.queue().variable(), queueUrl(uri(), on.queue().title()));
        case Grant.OnProvider(Grant.Provider provider) -> {
          variables.put("PUBLIC_URL", publicUrl);
          switch (provider) {
            case PINPOINT -> variables.put("PINPOINT_APPLICATION_ID", "local");
            case SES -> {
              variables.put("EMAIL_FROM", "Perennial <hello@perennial.example>");
              variables.put("SES_CONFIGURATION_SET", "local");
            }
          }
        }
      }
    }
    return variables;
  }

  /** Lets the function die at one of its next calls, instead of any crash armed before. */
  public synchronized void crash(Crash crash) {
    death = crash.moment();
    callsUntilDeath = crash.call();
  }

  /** The crash that has not happened yet, counted from now. */
  public synchronized Optional<Crash> armed() {
    return Optional.ofNullable(death).map(moment -> new Crash(moment, callsUntilDeath));
  }

  /** Whether the function is dead: no call is carried out any more. */
  @Override
  public synchronized boolean crashed() {
    return crashed;
  }

  /** Lets the function live again, and disarms what has not happened. */
  @Override
  public synchronized void revive() {
    crashed = false;
    death = null;
  }

  /**
   * AWS calls so far, refused and dropped ones too, by operation, for example {@code
   * dynamodb:TransactWriteItems}.
   */
  public Map<String, Long> callsByAction() {
    Map<String, Long> counts = new TreeMap<>();
    callsByAction.forEach((action, count) -> counts.put(action, count.sum()));
    return counts;
  }

  /** What was granted and never needed so far, for example {@code dynamodb:GetItem on People}. */
  public SortedSet<String> unusedGrants() {
    SortedSet<String> unused = new TreeSet<>();
    for (Permission permission : granted) {
      if (!used.contains(permission)) {
        unused.add(permission.action() + " on " + permission.resource());
      }
    }
    return unused;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  static String queueUrl(URI endpoint, String title) {
    return endpoint + "/" + ElasticMq.ACCOUNT + "/" + title;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) { // closed without an answer, it drops the connection
      byte[] body = exchange.getRequestBody().readAllBytes();
      Headers headers = exchange.getRequestHeaders();
      String path = exchange.getRequestURI().getPath();
      AwsCall call =
          AwsCall.read(exchange.getRequestMethod(), path, headers.getFirst("X-Amz-Target"), body);
      callsByAction.computeIfAbsent(call.action(), _ -> new LongAdder()).increment();
      Optional<Moment> death = countDown();
      Reply reply =
          death.filter(Moment.BEFORE::equals).isPresent()
              ? dead(call.service())
              : meter.measure(
                  function.name(),
                  call.action(),
                  body,
                  () -> answer(call, path, headers, body),
                  Gateway::body);
      if (death.filter(Moment.AFTER::equals).isPresent()) {
        reply = dead(call.service());
      }
      if (reply instanceof Reply.Answer answer) {
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        if (ONE_CALL_PER_CONNECTION) {
          exchange.getResponseHeaders().set("Connection", "close");
        }
        exchange.sendResponseHeaders(
            answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
        exchange.getResponseBody().write(answer.body());
      }
    }
  }

  /** Whether the function dies at this call or is dead already, which is a death before it. */
  private synchronized Optional<Moment> countDown() {
    if (crashed) {
      return Optional.of(Moment.BEFORE);
    }
    if (death == null || --callsUntilDeath > 0) {
      return Optional.empty();
    }
    Optional<Moment> now = Optional.of(death);
    death = null;
    crashed = true;
    return now;
  }

  private Reply answer(AwsCall call, String path, Headers headers, byte[] body) {
    for (Permission need : call.needs()) {
      if (!granted.contains(need)) {
        return denied(call.service(), need);
      }
    }
    used.addAll(call.needs());
    return switch (call.service()) {
      case DYNAMODB -> forward(dynamoDb, headers, body);
      case SQS -> {
        Reply.Answer answer = forward(sqs, headers, body);
        unsettled.sent(SentMessages.ids(answer.body()));
        yield answer;
      }
      case PINPOINT -> providers.answer(Grant.Provider.PINPOINT, path, body);
      case SES -> providers.answer(Grant.Provider.SES, path, body);
      case NONE -> throw new IllegalStateException("granted by no topology");
    };
  }

  private static byte[] body(Reply reply) {
    return reply instanceof Reply.Answer answer ? answer.body() : new byte[0];
  }

  private Reply denied(AwsCall.Service service, Permission need) {
    String message =
        "User: local/%s is not authorized to perform: %s on resource: %s"
            .formatted(function.name(), need.action(), need.resource().replaceAll("[\"\\\\]", "'"));
    return refused(service, message);
  }

  /**
   * What the dead hear: an error that no SDK retries, so that they end at once. Whatever they do
   * with it, nothing of theirs is carried out.
   */
  private static Reply dead(AwsCall.Service service) {
    return refused(service, "The function has crashed, as asked");
  }

  private static Reply refused(AwsCall.Service service, String message) {
    return switch (service) {
      case DYNAMODB, SQS -> failed(400, "com.amazon.coral.service#AccessDeniedException", message);
      case PINPOINT, SES, NONE -> Reply.error(403, "AccessDeniedException", message);
    };
  }

  private static Reply.Answer forward(JsonProtocol server, Headers headers, byte[] body) {
    try {
      KeptConnections.Answer answer =
          server.forward(
              headers.getFirst("X-Amz-Target"),
              Optional.ofNullable(headers.getFirst("Content-Type")),
              Optional.ofNullable(headers.getFirst("Authorization")),
              body);
      Map<String, String> passed = new HashMap<>();
      for (String name : PASSED_HEADERS) {
        String value = answer.headers().get(name);
        if (value != null) {
          passed.put(name, value);
        }
      }
      return new Reply.Answer(answer.status(), passed, answer.body());
    } catch (IOException _) {
      return failed(
          503,
          "com.amazon.coral.availability#ServiceUnavailable",
          "The local server did not answer");
    }
  }

  private static Reply.Answer failed(int status, String type, String message) {
    String json = "{\"__type\":\"" + type + "\",\"message\":\"" + message + "\"}";
    return new Reply.Answer(
        status,
        Map.of("Content-Type", "application/x-amz-json-1.0"),
        json.getBytes(StandardCharsets.UTF_8));
  }
}
