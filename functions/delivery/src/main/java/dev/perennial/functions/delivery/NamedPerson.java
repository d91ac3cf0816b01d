package dev.perennial.functions.delivery;

import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.IdentifierReading;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.Person;
import dev.perennial.json.JsonNode;
import dev.perennial.json.JsonObject;
import dev.perennial.lambda.HttpRequest;
import dev.perennial.lambda.Problem;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The person that a body names: by {@code person}, which is an id or {@code namespace:value}, or by
 * {@code profileId} or {@code identifier}.
 */
final class NamedPerson {

  private NamedPerson() {}

  /**
   * The person.
   *
   * @throws Problem 404 when there is none, 400 when the body names nobody or several
   */
  static Person find(JsonObject body, People people, String workspace) {
    List<JsonNode> names =
        Stream.of("person", "profileId", "identifier")
            .map(body::optional)
            .flatMap(Optional::stream)
            .toList();
    if (names.size() != 1) {
      throw body.invalid("must have one of person, profileId and identifier");
    }
    return people
        .find(id(names.getFirst(), workspace))
        .orElseThrow(() -> Problem.notFound("there is no such profile"));
  }

  /** The hash of any identifier finds the person. */
  private static PersonId id(JsonNode name, String workspace) {
    if (name.text().indexOf(':') < 0) {
      if (!HttpRequest.isId(name.text())) {
        throw Problem.notFound("there is no such profile");
      }
      return new PersonId(name.text());
    }
    return switch (IdentifierReading.of(name.text())) {
      case IdentifierReading.Accepted(Identifier identifier) -> identifier.hash(workspace);
      case IdentifierReading.Blocked(String reason) -> throw name.invalid(reason);
      case IdentifierReading.Invalid(String reason) -> throw name.invalid(reason);
    };
  }
}
