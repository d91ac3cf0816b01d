package dev.perennial.local.hosting;

import dev.perennial.topology.Function;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A function of the topology in this JVM. Its code is loaded at its first invocation, from its
 * packaged artifact and in a class loader of its own; it grows an instance for each invocation at
 * once, to {@link #INSTANCES} at most. After a crash or a timeout the next invocation starts from
 * fresh classes. As on AWS, loading is no part of an invocation's time.
 */
public final class HostedFunction implements AutoCloseable {

  /** Invocations at once; more wait. */
  private static final int INSTANCES = 8;

  private final Function function;
  private final String handler;
  private final Path lib;
  private final Gate gate;
  private final InstantSource clock;
  private final FunctionLog log;

  /** Lambda's limit for the event and for the result, in bytes. */
  public static final int MOST_BYTES = 6 * 1024 * 1024;

  private final Semaphore slots = new Semaphore(INSTANCES, true);
  private final ExecutorService threads;
  private @Nullable Generation current;

  /**
   * @param lib folder of the function's jars
   * @param clock what the function is to take for the time
   */
  public HostedFunction(
      Function function, Path lib, Gate gate, InstantSource clock, FunctionLog log) {
    this(function, function.handler(), lib, gate, clock, log);
  }

  HostedFunction(
      Function function,
      String handler,
      Path lib,
      Gate gate,
      InstantSource clock,
      FunctionLog log) {
    this.function = function;
    this.handler = handler;
    this.lib = lib;
    this.gate = gate;
    this.clock = clock;
    this.log = log;
    // Platform threads: a virtual thread that loads a class cannot leave its carrier.
    this.threads =
        Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name(function.name() + "-", 0).factory());
  }

  public Function function() {
    return function;
  }

  /**
   * Runs the function on one event and gives its result, both as JSON in UTF-8.
   *
   * @param what the event in a few words, for the log
   */
  public byte[] invoke(byte[] event, String what) throws FailedInvocation, InterruptedException {
    slots.acquire();
    try {
      return run(event, what);
    } finally {
      slots.release();
    }
  }

  private byte[] run(byte[] event, String what) throws FailedInvocation, InterruptedException {
    Generation generation = null;
    Throwable thrown = null;
    byte[] result = {};
    Invocation invocation = new Invocation(function, log);
    try {
      generation = generation();
      Instance instance = generation.instance();
      invocation = new Invocation(function, log);
      result = inTime(generation, instance, event, invocation);
    } catch (InterruptedException e) {
      throw e;
    } catch (Throwable e) { // an Error of the function, too, ends only its invocation
      thrown = e;
    }
    String label = what + "  " + invocation.getAwsRequestId();
    if (gate.crashed()) {
      bury(generation);
      log.line(function.name(), label + "  crashed, as asked");
      throw new FailedInvocation(function.name() + " crashed, as asked");
    }
    if (thrown instanceof TimeoutException) {
      discard(generation);
      String timeout = "timed out after " + function.timeout().toMillis() + " ms";
      log.line(function.name(), "WARN " + label + "  " + timeout);
      throw new FailedInvocation(function.name() + " " + timeout);
    }
    if (thrown != null) {
      log.failure(function.name(), label + "  failed", thrown);
      throw new FailedInvocation(function.name() + " failed", thrown);
    }
    log.line(function.name(), label + "  ok in " + invocation.elapsed().toMillis() + " ms");
    return result;
  }

  /**
   * A result that comes too late, and what else the thread may do, is nobody's business any more.
   */
  private byte[] inTime(
      Generation generation, Instance instance, byte[] event, Invocation invocation)
      throws Throwable {
    Future<byte[]> running = threads.submit(() -> generation.handle(instance, event, invocation));
    try {
      return checked(running.get(function.timeout().toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException | InterruptedException e) {
      running.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  private static byte[] checked(byte[] result) {
    if (result.length > MOST_BYTES) {
      throw new IllegalStateException(
          "a result of " + result.length + " bytes is more than Lambda's " + MOST_BYTES);
    }
    return result;
  }

  private synchronized Generation generation() throws IOException, ClassNotFoundException {
    Generation known = current;
    if (known == null) {
      known =
          new Generation(
              handler, new FunctionClassLoader(function.name(), lib, gate.variables(), clock, log));
      current = known;
    }
    return known;
  }

  /** Invocations that still run on the old classes may end there; nothing new starts on them. */
  private synchronized boolean discard(@Nullable Generation dead) {
    boolean known = current == dead;
    if (known) {
      current = null;
    }
    return known;
  }

  private synchronized void bury(@Nullable Generation crashed) {
    if (discard(crashed)) {
      gate.revive();
    }
  }

  @Override
  public synchronized void close() throws IOException {
    threads.shutdownNow();
    if (current != null) {
      current.loader.close();
      current = null;
    }
  }

  /** The instances that share one loading of the function's classes. */
  private static final class Generation {

    private final String handler;
    private final FunctionClassLoader loader;
    private final EventSerializers serializers;
    private final Deque<Instance> idle = new ConcurrentLinkedDeque<>();

    Generation(String handler, FunctionClassLoader loader) throws ClassNotFoundException {
      this.handler = handler;
      this.loader = loader;
      this.serializers = new EventSerializers(loader);
    }

    Instance instance() throws ReflectiveOperationException {
      Instance known = idle.poll();
      return known == null ? Instance.of(handler, loader, serializers) : known;
    }

    byte[] handle(Instance instance, byte[] event, Invocation invocation) {
      try {
        return instance.handle(event, invocation);
      } finally {
        idle.push(instance);
      }
    }
  }
}
