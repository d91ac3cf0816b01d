package dev.perennial.benchmarks;

import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelRuntime;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.Trust;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.segment.Condition;
import dev.perennial.domain.segment.Facts;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Segments;
import dev.perennial.domain.value.Value.Bool;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import dev.perennial.json.ConditionCodec;
import dev.perennial.json.Json;
import dev.perennial.json.JsonNode;
import io.github.jamsesso.jsonlogic.JsonLogic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.drools.model.codegen.ExecutableModelProject;
import org.kie.api.io.ResourceType;
import org.kie.api.runtime.KieSession;
import org.kie.api.runtime.rule.FactHandle;
import org.kie.internal.utils.KieHelper;
import software.amazon.event.ruler.Machine;

/** The same rules, known to each engine. */
final class Engines {

  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private Engines() {}

  /** Whom a rule of the first cohort is about; two of them differ in age and plan. */
  static Shopper shopper(int variant) {
    return new Shopper("c1", 30 + variant, variant % 2 == 0 ? "pro" : "team", "DE", 3);
  }

  /** Finds the ids of the rules that a shopper meets. */
  interface Engine {
    /** What the engine wants to be given, made outside of what is measured. */
    Object input(Shopper shopper);

    List<String> met(Object input) throws Exception;
  }

  static Map<SegmentId, Condition> conditions(List<Rule> rules) {
    Map<SegmentId, Condition> conditions = new LinkedHashMap<>();
    for (Rule rule : rules) {
      conditions.put(
          new SegmentId(rule.id()),
          ConditionCodec.read(JsonNode.root(Json.read(rule.condition()))));
    }
    return conditions;
  }

  static Engine perennial(List<Rule> rules) {
    Segments segments = Segments.of(conditions(rules));
    return new Engine() {
      @Override
      public Object input(Shopper shopper) {
        return facts(segments, shopper);
      }

      @Override
      public List<String> met(Object input) {
        List<SegmentId> met = segments.members((Facts) input, NOW);
        List<String> ids = new ArrayList<>(met.size());
        met.forEach(id -> ids.add(id.value()));
        return ids;
      }
    };
  }

  static Facts facts(Segments segments, Shopper shopper) {
    Identifier owner = new Identifier(Namespace.USER_ID, "ann");
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < shopper.getOrders(); i++) {
      Instant at = NOW.minus(Duration.ofDays(i + 1));
      events.add(
          new Event(
              owner,
              List.of(),
              "m" + i,
              EventType.TRACK,
              "Order Completed",
              at,
              at,
              Trust.SERVER,
              Fields.EMPTY,
              new Fields(
                  Map.of(
                      "cohort", new Text(shopper.getCohort()),
                      "age", Num.of(shopper.getAge()),
                      "plan", new Text(shopper.getPlan()),
                      "country", new Text(shopper.getCountry()),
                      "churned", new Bool(false))),
              Fields.EMPTY));
    }
    return Facts.of(Set.of(Facet.empty(owner).plus(events, segments.counters())));
  }

  static Engine cel(List<Rule> rules) throws Exception {
    Cel cel =
        CelFactory.standardCelBuilder()
            .addVar("cohort", SimpleType.STRING)
            .addVar("age", SimpleType.INT)
            .addVar("plan", SimpleType.STRING)
            .addVar("country", SimpleType.STRING)
            .addVar("churned", SimpleType.BOOL)
            .addVar("refund", SimpleType.STRING)
            .addVar("orders", SimpleType.INT)
            .build();
    Map<String, CelRuntime.Program> programs = new LinkedHashMap<>();
    for (Rule rule : rules) {
      programs.put(rule.id(), cel.createProgram(cel.compile(rule.cel()).getAst()));
    }
    return new Engine() {
      @Override
      public Object input(Shopper shopper) {
        return shopper.map(true);
      }

      @Override
      @SuppressWarnings("unchecked")
      public List<String> met(Object input) throws Exception {
        List<String> met = new ArrayList<>();
        for (Map.Entry<String, CelRuntime.Program> program : programs.entrySet()) {
          if ((Boolean) program.getValue().eval((Map<String, Object>) input)) {
            met.add(program.getKey());
          }
        }
        return met;
      }
    };
  }

  static Engine jsonLogic(List<Rule> rules) {
    JsonLogic logic = new JsonLogic();
    Map<String, String> texts = new LinkedHashMap<>();
    rules.forEach(rule -> texts.put(rule.id(), rule.jsonLogic()));
    return new Engine() {
      @Override
      public Object input(Shopper shopper) {
        return shopper.map(false);
      }

      @Override
      public List<String> met(Object input) throws Exception {
        List<String> met = new ArrayList<>();
        for (Map.Entry<String, String> text : texts.entrySet()) {
          if (JsonLogic.truthy(logic.apply(text.getValue(), input))) {
            met.add(text.getKey());
          }
        }
        return met;
      }
    };
  }

  static Engine ruler(List<Rule> rules) throws Exception {
    Machine machine = new Machine();
    for (Rule rule : rules) {
      machine.addRule(rule.id(), rule.ruler());
    }
    return new Engine() {
      @Override
      public Object input(Shopper shopper) {
        return shopper.json();
      }

      @Override
      public List<String> met(Object input) throws Exception {
        return machine.rulesForJSONEvent((String) input);
      }
    };
  }

  static Engine drools(List<Rule> rules) {
    StringBuilder drl =
        new StringBuilder("package rules; import dev.perennial.benchmarks.Shopper;")
            .append("global java.util.List found;\n");
    rules.forEach(rule -> drl.append(rule.drl()));
    KieSession session =
        new KieHelper()
            .addContent(drl.toString(), ResourceType.DRL)
            .build(ExecutableModelProject.class)
            .newKieSession();
    List<String> found = new ArrayList<>();
    session.setGlobal("found", found);
    return new Engine() {
      @Override
      public Object input(Shopper shopper) {
        return shopper;
      }

      @Override
      public List<String> met(Object input) {
        found.clear();
        FactHandle handle = session.insert(input);
        session.fireAllRules();
        session.delete(handle);
        return List.copyOf(found);
      }
    };
  }

  /** All engines by name; Drools takes minutes to compile more than some rules. */
  static Map<String, Engine> all(List<Rule> rules) throws Exception {
    Map<String, Engine> engines = new LinkedHashMap<>();
    engines.put("perennial", perennial(rules));
    engines.put("cel", cel(rules));
    engines.put("json-logic-java", jsonLogic(rules));
    engines.put("event-ruler", ruler(rules));
    if (rules.size() <= 1_000) {
      engines.put("drools", drools(rules));
    }
    return engines;
  }

  /**
   * Fails unless all engines answer alike.
   *
   * @return how many rules are met
   */
  static int requireAlike(List<Rule> rules) throws Exception {
    Map<String, TreeSet<String>> answers = new HashMap<>();
    for (Map.Entry<String, Engine> engine : all(rules).entrySet()) {
      Object input = engine.getValue().input(shopper(0));
      answers.put(engine.getKey(), new TreeSet<>(engine.getValue().met(input)));
    }
    if (Set.copyOf(answers.values()).size() != 1) {
      throw new IllegalStateException("the engines answer otherwise: " + answers);
    }
    return answers.values().iterator().next().size();
  }
}
