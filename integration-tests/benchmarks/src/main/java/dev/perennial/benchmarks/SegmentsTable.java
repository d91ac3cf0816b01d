package dev.perennial.benchmarks;

import dev.perennial.domain.segment.Segments;
import java.util.List;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Checks that all engines answer alike, measures them, and prints how many times slower they are.
 */
public final class SegmentsTable {

  private static final String[] ENGINES = {
    "perennial", "cel", "json-logic-java", "event-ruler", "drools"
  };

  /** Drools takes minutes to compile 10,000 rules. */
  private static final String[] ENGINES_OF_MANY = {
    "perennial", "cel", "json-logic-java", "event-ruler"
  };

  private SegmentsTable() {}

  public static void main(String[] arguments) throws Exception {
    List<Rule> rules = Rule.rules(1_000, 500);
    var documents = Engines.conditions(rules);
    long began = System.nanoTime();
    Segments.of(documents);
    System.out.printf(
        "A catalog of 1,000 in a fresh process: indexed in %.1f ms%n",
        (System.nanoTime() - began) / 1e6);
    System.out.printf(
        "All engines agree: %d of 1,000 are met, %d of 1,000, %d of 10,000%n",
        Engines.requireAlike(rules),
        Engines.requireAlike(Rule.rules(1_000, 5)),
        Engines.requireAlike(Rule.rules(10_000, 5_000)));
    TreeMap<String, TreeMap<String, Double>> scores = new TreeMap<>();
    run(scores, "1000/500", ENGINES);
    run(scores, "1000/5", ENGINES);
    run(scores, "10000/5000", ENGINES_OF_MANY);
    scores.forEach(
        (size, engines) ->
            engines.forEach(
                (engine, micros) ->
                    System.out.printf(
                        "%-12s %-16s %12.2f µs %10.1f x%n",
                        size, engine, micros, micros / engines.getOrDefault("perennial", 1.0))));
  }

  private static void run(
      TreeMap<String, TreeMap<String, Double>> scores, String rules, String[] engines)
      throws Exception {
    for (RunResult result :
        new Runner(
                new OptionsBuilder()
                    .include(SegmentsBenchmark.class.getName())
                    .param("rules", rules)
                    .param("engine", engines)
                    .jvmArgsAppend("-XX:+UseSerialGC")
                    .build())
            .run()) {
      scores
          .computeIfAbsent(rules, _ -> new TreeMap<>())
          .put(result.getParams().getParam("engine"), result.getPrimaryResult().getScore());
    }
  }
}
