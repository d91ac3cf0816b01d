package dev.perennial.benchmarks;

import dev.perennial.benchmarks.Engines.Engine;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Which of the segments a profile is in, once two of its attributes changed. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 20, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Fork(3)
public class SegmentsBenchmark {

  /** Segments and cohorts: of 1,000 in 500 cohorts 0.2 % are met at most, of those in 5, 20 %. */
  @Param({"1000/500", "1000/5", "10000/5000"})
  public String rules = "1000/500";

  @Param({"perennial", "cel", "json-logic-java", "event-ruler", "drools"})
  public String engine = "perennial";

  private Engine asked;
  private Object[] inputs;
  private int next;

  @Setup
  public void setUp() throws Exception {
    String[] parts = rules.split("/", 2);
    List<Rule> all = Rule.rules(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    asked =
        switch (engine) {
          case "perennial" -> Engines.perennial(all);
          case "cel" -> Engines.cel(all);
          case "json-logic-java" -> Engines.jsonLogic(all);
          case "event-ruler" -> Engines.ruler(all);
          case "drools" -> Engines.drools(all);
          default -> throw new IllegalArgumentException(engine);
        };
    inputs =
        new Object[] {
          asked.input(Engines.shopper(0)),
          asked.input(Engines.shopper(1)),
          asked.input(Engines.shopper(2)),
          asked.input(Engines.shopper(3))
        };
  }

  @Benchmark
  public List<String> update() throws Exception {
    next = next + 1 & 3;
    return asked.met(inputs[next]);
  }
}
