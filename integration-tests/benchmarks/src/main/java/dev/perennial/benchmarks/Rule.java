package dev.perennial.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A segment as each engine is told of it: a cohort and an age between bounds and one of some plans
 * or a country, not churned, without a refund, and so many orders in 30 days.
 */
record Rule(
    String id, String cohort, int from, int to, List<String> plans, String country, int orders) {

  private static final List<String> PLANS = List.of("free", "pro", "team", "enterprise");
  private static final List<String> COUNTRIES = List.of("DE", "FR", "US", "CN");

  /**
   * Rules of which everybody meets about {@code 1 / cohorts}, or fewer.
   *
   * @param cohorts how many there are
   */
  static List<Rule> rules(int many, int cohorts) {
    Random random = new Random(7);
    List<Rule> rules = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      rules.add(
          new Rule(
              "s" + i,
              "c" + i % cohorts,
              random.nextInt(20),
              60 + random.nextInt(40),
              List.of(PLANS.get(i % 4), PLANS.get((i + 1) % 4), PLANS.get((i + 2) % 4)),
              COUNTRIES.get(random.nextInt(4)),
              random.nextInt(2)));
    }
    return rules;
  }

  /** As Perennial's own condition. */
  String condition() {
    return """
    {"all":[{"trait":"cohort","is":"%s"},{"trait":"age","gte":%d,"lt":%d},
     {"any":[{"trait":"plan","in":["%s"]},{"trait":"country","is":"%s"}]},
     {"not":{"trait":"churned","is":true}},{"trait":"refund","exists":false},
     {"event":"Order Completed","within":"P30D","count":{"gte":%d}}]}\
    """
        .formatted(cohort, from, to, String.join("\",\"", plans), country, orders);
  }

  String cel() {
    return """
    cohort == "%s" && age >= %d && age < %d && (plan in ["%s"] || country == "%s") \
    && !churned && refund == "" && orders >= %d\
    """
        .formatted(cohort, from, to, String.join("\",\"", plans), country, orders);
  }

  String jsonLogic() {
    return """
    {"and":[{"==":[{"var":"cohort"},"%s"]},{">=":[{"var":"age"},%d]},{"<":[{"var":"age"},%d]},
     {"or":[{"in":[{"var":"plan"},["%s"]]},{"==":[{"var":"country"},"%s"]}]},
     {"!":[{"var":"churned"}]},{"==":[{"var":"refund"},""]},{">=":[{"var":"orders"},%d]}]}\
    """
        .formatted(cohort, from, to, String.join("\",\"", plans), country, orders);
  }

  String ruler() {
    return """
    {"cohort":["%s"],"age":[{"numeric":[">=",%d,"<",%d]}],
     "$or":[{"plan":["%s"]},{"country":["%s"]}],
     "churned":[{"anything-but":["yes"]}],"refund":[{"exists":false}],
     "orders":[{"numeric":[">=",%d]}]}\
    """
        .formatted(cohort, from, to, String.join("\",\"", plans), country, orders);
  }

  String drl() {
    return """
    rule "%1$s" when Shopper(cohort == "%2$s", age >= %3$d, age < %4$d,
      plan in ("%5$s") || country == "%6$s", churned == false, refund == null, orders >= %7$d)
    then found.add("%1$s"); end
    """
        .formatted(id, cohort, from, to, String.join("\",\"", plans), country, orders);
  }
}
