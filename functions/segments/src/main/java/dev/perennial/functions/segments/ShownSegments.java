package dev.perennial.functions.segments;

import dev.perennial.domain.Page;
import dev.perennial.domain.definition.Definition;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.definition.Definitions;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.People.Freshness;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Totals;
import dev.perennial.domain.segment.Backfill;
import dev.perennial.domain.segment.BackfillSegment;
import dev.perennial.domain.segment.Backfills;
import dev.perennial.domain.segment.Members;
import dev.perennial.domain.segment.Members.Member;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import dev.perennial.json.ChangedRules;
import dev.perennial.json.DefinitionCodec;
import dev.perennial.json.RulesCodec;
import dev.perennial.lambda.HttpAnswer;
import dev.perennial.lambda.HttpRequest;
import dev.perennial.lambda.Problem;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Segments and tags as the API answers them, with who is in them. */
final class ShownSegments {

  private final Definitions definitions;
  private final Members members;
  private final Backfills backfills;
  private final People people;
  private final Totals totals;
  private final String workspace;

  ShownSegments(
      Definitions definitions,
      Members members,
      Backfills backfills,
      People people,
      Totals totals,
      String workspace) {
    this.definitions = definitions;
    this.members = members;
    this.backfills = backfills;
    this.people = people;
    this.totals = totals;
    this.workspace = workspace;
  }

  /** The segment, or the tag, of that id. */
  Definition find(SegmentId id) {
    return definitions
        .find(Kind.SEGMENT, id.value())
        .or(
            () ->
                id.isTag()
                    ? RulesCodec.shipped().tag(id.name()).map(tag -> shipped(id, tag))
                    : Optional.empty())
        .orElseThrow(() -> Problem.notFound(id.described() + " does not exist"));
  }

  /**
   * A page of segments or of tags, those that are shipped included.
   *
   * @param tags which of the two
   */
  HttpAnswer list(HttpRequest request, boolean tags) {
    Map<String, Definition> all = new TreeMap<>();
    if (tags) {
      RulesCodec.shipped()
          .tags()
          .forEach((name, tag) -> all.put(name, shipped(SegmentId.ofTag(name), (Fields) tag)));
    }
    List<Definition> stored = definitions.list(Kind.SEGMENT);
    for (Definition segment : stored) {
      SegmentId id = new SegmentId(segment.id());
      if (id.isTag() == tags) {
        all.put(id.name(), segment);
      }
    }
    Page<Map.Entry<String, Definition>> page =
        request.page(List.copyOf(all.entrySet()), Map.Entry::getKey);
    List<Definition> shown = page.items().stream().map(Map.Entry::getValue).toList();
    Map<SegmentId, Long> sizes =
        members.sizes(shown.stream().map(segment -> new SegmentId(segment.id())).toList());
    ChangedRules rules = ChangedRules.of(definitions, stored);
    return HttpAnswer.page(
        new Page<>(
            shown.stream()
                .map(
                    segment ->
                        shown(segment, rules, sizes.getOrDefault(new SegmentId(segment.id()), 0L)))
                .toList(),
            page.cursor()));
  }

  HttpAnswer members(HttpRequest request, SegmentId segment) {
    SegmentId id = new SegmentId(find(segment).id());
    Page<Member> page;
    try {
      page = members.list(id, request.pageSize(), request.query("cursor").orElse(null));
    } catch (IllegalArgumentException e) {
      throw Problem.invalid("the cursor is not one that this list gave");
    }
    Map<PersonId, Person> known =
        people.find(page.items().stream().map(Member::person).toList(), Freshness.RECENT);
    return HttpAnswer.page(
        new Page<>(
            page.items().stream()
                .map(member -> shown(member, publicId(member.person(), known.get(member.person()))))
                .toList(),
            page.cursor()));
  }

  Fields shown(Definition segment) {
    return shown(
        segment,
        ChangedRules.of(definitions, definitions.list(Kind.SEGMENT)),
        members.size(new SegmentId(segment.id())));
  }

  /** It is found wherever it is asked for, and has no list. */
  private static Definition shipped(SegmentId id, Fields document) {
    return new Definition(Kind.SEGMENT, id.value(), 0, Definition.SHIPPED, document, Instant.EPOCH);
  }

  private Fields shown(Definition stored, ChangedRules rules, long size) {
    if (stored.isShipped()) {
      return DefinitionCodec.write(stored);
    }
    Definition segment = rules.edited(stored);
    boolean pending = BackfillSegment.isPending(segment);
    Map<String, Value> standing = new LinkedHashMap<>();
    standing.put("status", new Text(pending ? BackfillSegment.BACKFILLING : Definition.READY));
    standing.put("progress", new Num(pending ? progress(stored, segment) : BigDecimal.ONE));
    standing.put("size", Num.of(size));
    return DefinitionCodec.write(segment, segment.document(), standing);
  }

  /**
   * The share of all people who were evaluated, in hundredths, 1 only for everybody; nobody was by
   * rules that the stored version is older than.
   */
  private BigDecimal progress(Definition stored, Definition segment) {
    if (segment.at().isAfter(stored.at())) {
      return BigDecimal.ZERO;
    }
    long met =
        backfills.standings(StartBackfills.of(definitions, segment)).stream()
            .mapToLong(Backfill.Standing::people)
            .sum();
    long all = totals.read(List.of(Totals.PROFILES)).getOrDefault(Totals.PROFILES, 0L);
    return BigDecimal.valueOf(all == 0 ? 0 : Math.min(99, met * 100 / all), 2);
  }

  /**
   * The id that the profile is shown with. The index is a moment behind: whoever was absorbed
   * meanwhile is listed under the id stored, which finds the survivor.
   */
  private PersonId publicId(PersonId listed, @Nullable Person person) {
    return person != null && person.id().equals(listed) ? person.founder().hash(workspace) : listed;
  }

  private static Fields shown(Member member, PersonId id) {
    return new Fields(
        Map.of(
            "id", new Text(id.value()),
            "enteredAt", new Text(member.since().toString())));
  }
}
