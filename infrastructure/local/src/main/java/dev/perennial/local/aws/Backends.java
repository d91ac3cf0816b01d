package dev.perennial.local.aws;

import dev.perennial.domain.value.Value.Fields;
import dev.perennial.json.Json;
import dev.perennial.local.meter.Meter;
import dev.perennial.local.providers.Inbox;
import dev.perennial.local.providers.ProviderFaults;
import dev.perennial.local.providers.Providers;
import dev.perennial.local.providers.Receipts;
import dev.perennial.topology.Function;
import dev.perennial.topology.Queue;
import dev.perennial.topology.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * What the functions run on: DynamoDB Local, ElasticMQ and the provider stand-ins, with the
 * topology's tables and queues in them. Tables outlive it when there is a folder for them; queues
 * and the inbox do not. Safe for use by many threads.
 */
public final class Backends implements AutoCloseable {

  /**
   * How long a received message stays hidden: longer than a function takes that loads its classes
   * on a busy machine. One that failed does not wait for it, its poller makes it visible again.
   */
  public static final Duration VISIBILITY = Duration.ofSeconds(60);

  private final DynamoDbLocal dynamoDb;
  private final ElasticMq elasticMq;
  private final Providers providers;
  private final Meter meter = new Meter(this::answer);
  private final Unsettled unsettled = new Unsettled();
  private final Map<Function, Gateway> gateways = new ConcurrentHashMap<>();
  private volatile String publicUrl = "http://localhost";

  private Backends(DynamoDbLocal dynamoDb, ElasticMq elasticMq, Providers providers) {
    this.dynamoDb = dynamoDb;
    this.elasticMq = elasticMq;
    this.providers = providers;
  }

  /**
   * Starts them, with their tables and queues.
   *
   * @param libraries folder that the build filled with {@code dynamodb-local} and {@code elasticmq}
   *     that takes their {@code logs} too
   * @param data folder to keep tables in, or null for memory
   * @param clock stamps what providers accept
   * @throws IllegalStateException when one does not start; the message is one line
   */
  public static Backends start(Path libraries, @Nullable Path data, InstantSource clock) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Path logs = Files.createDirectories(libraries.resolve("logs"));
      Future<DynamoDbLocal> dynamoDb =
          threads.submit(
              () -> DynamoDbLocal.start(libraries.resolve("dynamodb-local"), data, logs));
      Future<ElasticMq> elasticMq =
          threads.submit(() -> ElasticMq.start(libraries.resolve("elasticmq")));
      try {
        Backends backends = new Backends(result(dynamoDb), result(elasticMq), new Providers(clock));
        backends.create(threads);
        return backends;
      } catch (RuntimeException | InterruptedException e) {
        close(dynamoDb, e);
        close(elasticMq, e);
        throw e;
      }
    } catch (IOException e) {
      throw new IllegalStateException("The folder of the logs cannot be made: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the local services started", e);
    }
  }

  /** Waits for the start of a part that is not wanted any more, and ends it. */
  private static void close(Future<? extends AutoCloseable> part, Exception cause) {
    try {
      part.get().close();
    } catch (ExecutionException _) {
      // It did not start.
    } catch (Exception e) {
      cause.addSuppressed(e);
    }
  }

  private void create(ExecutorService threads) throws InterruptedException {
    List<Callable<Object>> creations = new ArrayList<>();
    for (Table table : Table.values()) {
      creations.add(
          () -> {
            create(table);
            return table;
          });
    }
    for (Queue queue : Queue.values()) {
      creations.add(
          () -> {
            create(queue);
            return queue;
          });
    }
    for (Future<Object> creation : threads.invokeAll(creations)) {
      result(creation);
    }
  }

  /** Endpoint of DynamoDB itself, where everything is allowed. */
  public URI dynamoDb() {
    return dynamoDb.uri();
  }

  /** Endpoint of SQS itself, where everything is allowed. */
  public URI sqs() {
    return elasticMq.uri();
  }

  /** The queue's URL at {@link #sqs()}. */
  public String queueUrl(Queue queue) {
    return Gateway.queueUrl(sqs(), queue.title());
  }

  /** The URL of the queue's dead letters at {@link #sqs()}. */
  public String deadLetterUrl(Queue queue) {
    return Gateway.queueUrl(sqs(), queue.deadLetterTitle());
  }

  /** What providers accepted. */
  public Inbox inbox() {
    return providers.inbox();
  }

  /** What providers have to tell of that. */
  public Receipts receipts() {
    return providers.receipts();
  }

  /** How the next calls of providers fail. */
  public ProviderFaults faults() {
    return providers.faults();
  }

  /** Says where the platform answers, which functions are told that are opened from then on. */
  public void answeringAt(URI front) {
    publicUrl = front.toString();
  }

  /** The function's own way to AWS, opened when first asked for. */
  public Gateway gateway(Function function) {
    return gateways.computeIfAbsent(
        function,
        _ ->
            Gateway.start(
                function,
                dynamoDb.client(),
                elasticMq.client(),
                providers,
                meter,
                unsettled,
                publicUrl));
  }

  /** The messages that functions sent and that are not deleted yet. */
  public Unsettled unsettled() {
    return unsettled;
  }

  /** What the functions' calls cost. */
  public Meter meter() {
    return meter;
  }

  @Override
  public void close() {
    gateways.values().forEach(Gateway::close);
    elasticMq.close();
    dynamoDb.close();
  }

  private Fields answer(String operation, Fields request) {
    try {
      return (Fields) Json.readOwn(dynamoDb.client().call(operation, Json.text(request)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void create(Table table) throws IOException {
    if (dynamoDb.client().call("ListTables", "{}").contains("\"" + table.title() + "\"")) {
      return; // kept from an earlier run
    }
    dynamoDb
        .client()
        .call(
            "CreateTable",
            """
            {"TableName": "%s", "BillingMode": "PAY_PER_REQUEST",
             "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "S"}],
             "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]}\
            """
                .formatted(table.title()));
  }

  private void create(Queue queue) throws IOException {
    JsonProtocol sqs = elasticMq.client();
    sqs.call("CreateQueue", "{\"QueueName\": \"%s\"}".formatted(queue.deadLetterTitle()));
    sqs.call(
        "CreateQueue",
        """
        {"QueueName": "%s", "Attributes": {"VisibilityTimeout": "%d",
         "RedrivePolicy": "{\\"deadLetterTargetArn\\":\\"arn:aws:sqs:elasticmq:%s:%s\\",\\"maxReceiveCount\\":\\"%d\\"}"}}\
        """
            .formatted(
                queue.title(),
                VISIBILITY.toSeconds(),
                ElasticMq.ACCOUNT,
                queue.deadLetterTitle(),
                Queue.MAX_RECEIVES));
  }

  private static <T> T result(Future<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IllegalStateException known) {
        throw known;
      }
      throw new IllegalStateException("The local services did not start: " + e.getCause(), e);
    }
  }
}
