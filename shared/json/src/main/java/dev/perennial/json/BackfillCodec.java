package dev.perennial.json;

import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Listed;
import dev.perennial.domain.segment.Backfill;
import dev.perennial.domain.segment.Backfill.Work;
import dev.perennial.domain.segment.ImportMembers.Part;
import dev.perennial.domain.segment.RulesChange;
import dev.perennial.domain.segment.Scoring;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Bool;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Work on backfills and scorings, changes of rules, and parts of imported lists, as messages of one
 * queue.
 */
public final class BackfillCodec {

  private static final String PEOPLE = "people";
  private static final String DAY = "day";
  private static final String CHANGED = "changed";

  private BackfillCodec() {}

  /** The work as a message. */
  public static String writeMessage(Work work) {
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put("segment", new Text(work.backfill().segment().value()));
    fields.put("version", Num.of(work.backfill().version()));
    if (work.backfill().deletion()) {
      fields.put("deletion", new Bool(true));
    }
    if (work.backfill().cuts() > 0) {
      fields.put("cuts", Num.of(work.backfill().cuts()));
    }
    fields.put("shard", Num.of(work.shard()));
    if (work.alone() != null) {
      fields.put("alone", new Text(work.alone().value()));
    }
    return Json.text(new Fields(fields));
  }

  /**
   * The work of a message.
   *
   * @throws JsonProblem when it is no JSON
   * @throws InvalidDocument when it holds anything but work on a backfill
   */
  public static Work readMessage(String message) {
    JsonObject fields = JsonObject.root(Json.readOwn(message));
    return new Work(
        new Backfill(
            new SegmentId(fields.required("segment").text()),
            (int) fields.required("version").integer(1, Integer.MAX_VALUE),
            fields.optional("deletion").map(JsonNode::truth).orElse(false),
            fields
                .optional("cuts")
                .map(cuts -> (int) cuts.integer(1, Integer.MAX_VALUE))
                .orElse(0)),
        (int) fields.required("shard").integer(0, Backfill.SHARDS - 1),
        fields.optional("alone").map(JsonNode::text).map(PersonId::new).orElse(null));
  }

  /** The part of a list as a message. */
  public static String writeMessage(Part part) {
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put("segment", new Text(part.segment().value()));
    fields.put("member", new Bool(part.said().in()));
    fields.put("version", Num.of(part.said().version()));
    fields.put("at", new Text(part.said().at().toString()));
    fields.put("turn", Num.of(part.said().turn()));
    fields.put(
        PEOPLE, new Items(part.people().stream().<Value>map(id -> new Text(id.value())).toList()));
    return Json.text(new Fields(fields));
  }

  /** Whether a message is a part of a list. */
  public static boolean isPart(String message) {
    return Json.readOwn(message) instanceof Fields fields && fields.get(PEOPLE) != null;
  }

  /**
   * The part of a list that a message is.
   *
   * @throws JsonProblem when it is no JSON
   * @throws InvalidDocument when it holds anything but a part of a list
   */
  public static Part readPart(String message) {
    JsonObject fields = JsonObject.root(Json.readOwn(message));
    return new Part(
        new SegmentId(fields.required("segment").text()),
        new Listed(
            fields.required("member").truth(),
            (int) fields.required("version").integer(1, Integer.MAX_VALUE),
            fields.required("at").instant(),
            fields.required("turn").number().longValueExact()),
        fields.required(PEOPLE).list().stream().map(id -> new PersonId(id.text())).toList());
  }

  /** The work on a scoring as a message. */
  public static String writeMessage(Scoring.Work work) {
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put(DAY, new Text(work.scoring().day().toString()));
    fields.put("shard", Num.of(work.shard()));
    return Json.text(new Fields(fields));
  }

  /** Whether a message is work on a scoring. */
  public static boolean isScoring(String message) {
    return Json.readOwn(message) instanceof Fields fields && fields.get(DAY) != null;
  }

  /**
   * The work on a scoring that a message is.
   *
   * @throws JsonProblem when it is no JSON
   * @throws InvalidDocument when it holds anything but work on a scoring
   */
  public static Scoring.Work readScoring(String message) {
    JsonObject fields = JsonObject.root(Json.readOwn(message));
    JsonNode day = fields.required(DAY);
    try {
      return new Scoring.Work(
          new Scoring(LocalDate.parse(day.text())),
          (int) fields.required("shard").integer(0, Backfill.SHARDS - 1));
    } catch (DateTimeException e) {
      throw day.invalid("must be a date");
    }
  }

  /** The change of rules as a message. */
  public static String writeMessage(RulesChange change) {
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put(CHANGED, new Text(change.at().toString()));
    if (change.trait() != null) {
      fields.put("trait", new Text(change.trait()));
    }
    if (change.after() != null) {
      fields.put("after", new Text(change.after()));
    }
    return Json.text(new Fields(fields));
  }

  /** Whether a message is a change of rules. */
  public static boolean isRulesChange(String message) {
    return Json.readOwn(message) instanceof Fields fields && fields.get(CHANGED) != null;
  }

  /**
   * The change of rules that a message is.
   *
   * @throws JsonProblem when it is no JSON
   * @throws InvalidDocument when it holds anything but a change of rules
   */
  public static RulesChange readRulesChange(String message) {
    JsonObject fields = JsonObject.root(Json.readOwn(message));
    return new RulesChange(
        fields.required(CHANGED).instant(),
        fields.optional("trait").map(JsonNode::text).orElse(null),
        fields.optional("after").map(JsonNode::text).orElse(null));
  }
}
