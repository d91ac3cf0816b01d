package dev.perennial.benchmarks;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whom rules are about, as beans have it. */
public final class Shopper {

  private final String cohort;
  private final int age;
  private final String plan;
  private final String country;
  private final int orders;

  public Shopper(String cohort, int age, String plan, String country, int orders) {
    this.cohort = cohort;
    this.age = age;
    this.plan = plan;
    this.country = country;
    this.orders = orders;
  }

  public String getCohort() {
    return cohort;
  }

  public int getAge() {
    return age;
  }

  public String getPlan() {
    return plan;
  }

  public String getCountry() {
    return country;
  }

  public boolean isChurned() {
    return false;
  }

  public @Nullable String getRefund() {
    return null;
  }

  public int getOrders() {
    return orders;
  }

  /** As CEL and JSON Logic take it. */
  Map<String, Object> map(boolean longs) {
    Map<String, Object> map = new HashMap<>();
    map.put("cohort", cohort);
    map.put("age", longs ? (Object) (long) age : (Object) (double) age);
    map.put("plan", plan);
    map.put("country", country);
    map.put("churned", false);
    map.put("refund", "");
    map.put("orders", longs ? (Object) (long) orders : (Object) (double) orders);
    return map;
  }

  /** As event-ruler takes it. */
  String json() {
    return """
    {"cohort":"%s","age":%d,"plan":"%s","country":"%s","churned":"no","orders":%d}\
    """
        .formatted(cohort, age, plan, country, orders);
  }
}
