package dev.perennial.benchmarks;

import java.util.List;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Checks that all engines answer alike, measures them, and prints how many times slower they are.
 */
public final class SegmentsTable {

  private SegmentsTable() {}

  public static void main(String[] arguments) throws Exception {
    FreshCatalog.print();
    System.out.printf(
        "All engines agree: %d of 1,000 are met, %d of 1,000, %d of 10,000%n",
        Engines.requireAlike(Rule.rules(1_000, 500)),
        Engines.requireAlike(Rule.rules(1_000, 5)),
        Engines.requireAlike(Rule.rules(10_000, 5_000)));
    TreeMap<String, TreeMap<String, Double>> scores = new TreeMap<>();
    for (String size : List.of("1000/500", "1000/5", "10000/5000")) {
      run(scores, size, 3, "perennial", "cel", "json-logic-java", "event-ruler");
    }
    run(scores, "1000/500", 1, "drools");
    run(scores, "1000/5", 1, "drools");
    System.out.println("Best of 20 iterations of 100 ms in each fork, three forks (Drools one):");
    scores.forEach(
        (size, engines) ->
            engines.forEach(
                (engine, micros) ->
                    System.out.printf(
                        "%-12s %-16s %12.2f µs %10.1f x%n",
                        size, engine, micros, micros / engines.getOrDefault("perennial", 1.0))));
  }

  /** On a machine that others use the best iteration is the one that they disturbed least. */
  private static void run(
      TreeMap<String, TreeMap<String, Double>> scores, String rules, int forks, String... engines)
      throws Exception {
    for (RunResult result :
        new Runner(
                new OptionsBuilder()
                    .include(SegmentsBenchmark.class.getName())
                    .param("rules", rules)
                    .param("engine", engines)
                    .forks(forks)
                    .jvmArgsAppend("-XX:+UseSerialGC")
                    .build())
            .run()) {
      double best =
          result.getBenchmarkResults().stream()
              .flatMap(fork -> fork.getIterationResults().stream())
              .mapToDouble(iteration -> iteration.getPrimaryResult().getScore())
              .min()
              .orElseThrow();
      scores
          .computeIfAbsent(rules, _ -> new TreeMap<>())
          .put(result.getParams().getParam("engine"), best);
    }
  }
}
