package dev.perennial.functions.identity;

import dev.perennial.aws.dynamodb.DynamoCatalogs;
import dev.perennial.aws.dynamodb.DynamoClients;
import dev.perennial.aws.dynamodb.DynamoConsents;
import dev.perennial.aws.dynamodb.DynamoHistory;
import dev.perennial.aws.dynamodb.DynamoQuarantine;
import dev.perennial.domain.consent.Allowed;
import dev.perennial.domain.consent.Consents;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.delivery.Devices;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.History;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Profile;
import dev.perennial.domain.profile.Quarantine;
import dev.perennial.domain.profile.Quarantine.Kept;
import dev.perennial.domain.segment.Portraits;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.json.ProfileCodec;
import dev.perennial.lambda.Environment;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Shows people as the API answers them. What the rules of the workspace say of somebody is found
 * when it is asked for, from history where it is not counted yet.
 */
final class ShowProfile {

  private final Consents consents;
  private final History history;
  private final Quarantine quarantine;
  private final Supplier<Portraits> portraits;
  private final String workspace;

  ShowProfile(
      Consents consents,
      History history,
      Quarantine quarantine,
      Supplier<Portraits> portraits,
      String workspace) {
    this.consents = consents;
    this.history = history;
    this.quarantine = quarantine;
    this.portraits = portraits;
    this.workspace = workspace;
  }

  static ShowProfile of(Environment environment) {
    var dynamo = DynamoClients.open(environment.variables());
    return new ShowProfile(
        new DynamoConsents(dynamo, environment.require("TABLE_PEOPLE")),
        new DynamoHistory(dynamo, environment.require("TABLE_HISTORY"), environment.workspace()),
        new DynamoQuarantine(dynamo, environment.require("TABLE_HISTORY"), environment.workspace()),
        DynamoCatalogs.portraits(dynamo, environment.variables()),
        environment.workspace());
  }

  /** The person as of now. */
  Fields show(Person person, Instant now) {
    Allowed allowed = Allowed.of(person, workspace, consents);
    return ProfileCodec.write(
        profile(person, allowed, now), allowed.permissions(), quarantined(person));
  }

  /** As {@link #show}, with all identifiers, and the consent of all devices. */
  Fields whole(Person person, Instant now) {
    Allowed allowed = Allowed.of(person, workspace, consents);
    Permissions all =
        Permissions.fold(
            Stream.concat(
                    Stream.of(allowed.permissions()),
                    consents.of(Devices.of(person, workspace)).values().stream())
                .toList());
    return ProfileCodec.write(
        profile(person, allowed, now).whole(person), all, quarantine.find(person.ids(workspace)));
  }

  /** What is kept aside is asked for only where there is some. */
  private List<Kept> quarantined(Person person) {
    List<PersonId> owners =
        person.facets().values().stream()
            .filter(facet -> facet.quarantined() != null)
            .map(facet -> facet.owner().hash(workspace))
            .toList();
    return owners.isEmpty() ? List.of() : quarantine.find(owners);
  }

  private Profile profile(Person person, Allowed allowed, Instant now) {
    Portraits current = portraits.get();
    Person counted =
        person.counts(current.counters()) ? person : person.counting(current.counters(), history);
    return Profile.of(counted, allowed, current, workspace, now);
  }
}
