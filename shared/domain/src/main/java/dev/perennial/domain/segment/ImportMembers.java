package dev.perennial.domain.segment;

import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.definition.Definitions;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Listed;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.People.Freshness;
import dev.perennial.domain.profile.Person;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Puts people into a segment without a condition, or takes them out. Once again changes nothing,
 * nor does what was said before something else; a list for a segment that was deleted is for
 * nobody.
 */
public final class ImportMembers {

  private final Definitions definitions;
  private final People people;
  private final EvaluateProfile evaluateProfile;

  /**
   * A part of a list.
   *
   * @param said whether they are put in, or taken out
   */
  public record Part(SegmentId segment, Listed said, List<PersonId> people) {

    /** How many people a part has at most. */
    public static final int MOST = 50;

    public Part {
      people = List.copyOf(people);
    }
  }

  public ImportMembers(Definitions definitions, People people, EvaluateProfile evaluateProfile) {
    this.definitions = definitions;
    this.people = people;
    this.evaluateProfile = evaluateProfile;
  }

  /**
   * Puts in, or takes out, those of the part who are people.
   *
   * @throws dev.perennial.domain.Contended when others kept writing one of them: the part must come
   *     again
   */
  public void take(Part part, InstantSource clock) {
    if (definitions.find(Kind.SEGMENT, part.segment().value()).isPresent()) {
      Set<Person> found =
          new LinkedHashSet<>(people.find(part.people(), Freshness.CURRENT).values());
      evaluateProfile.put(found, part.segment(), part.said(), clock);
    }
  }
}
