package dev.perennial.local.hosting;

import dev.perennial.topology.Function;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * A function of the topology in this JVM. Its code is loaded at its first invocation, from its
 * packaged artifact and in a class loader of its own; it grows an instance for each invocation at
 * once, to {@link #INSTANCES} at most. After a crash the next invocation starts from fresh classes.
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
  private final Semaphore slots = new Semaphore(INSTANCES, true);
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
      return run(event, what, new Invocation(function, log));
    } finally {
      slots.release();
    }
  }

  private byte[] run(byte[] event, String what, Invocation invocation) throws FailedInvocation {
    String label = what + "  " + invocation.getAwsRequestId();
    Generation generation = null;
    Throwable thrown = null;
    byte[] result = {};
    try {
      generation = generation();
      result = generation.handle(event, invocation);
    } catch (Throwable e) { // an Error of the function, too, ends only its invocation
      thrown = e;
    }
    if (gate.crashed()) {
      bury(generation);
      log.line(function.name(), label + "  crashed, as asked");
      throw new FailedInvocation(function.name() + " crashed, as asked");
    }
    if (thrown != null) {
      log.failure(function.name(), label + "  failed", thrown);
      throw new FailedInvocation(function.name() + " failed", thrown);
    }
    log.line(function.name(), label + "  ok in " + invocation.elapsed().toMillis() + " ms");
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
  private synchronized void bury(@Nullable Generation crashed) {
    if (current == crashed) {
      current = null;
      gate.revive();
    }
  }

  @Override
  public synchronized void close() throws IOException {
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

    byte[] handle(byte[] event, Invocation invocation) throws ReflectiveOperationException {
      Instance known = idle.poll();
      Instance instance = known == null ? Instance.of(handler, loader, serializers) : known;
      try {
        return instance.handle(event, invocation);
      } finally {
        idle.push(instance);
      }
    }
  }
}
