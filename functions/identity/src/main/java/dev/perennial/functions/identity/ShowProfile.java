package dev.perennial.functions.identity;

import dev.perennial.aws.dynamodb.DynamoCatalogs;
import dev.perennial.aws.dynamodb.DynamoClients;
import dev.perennial.aws.dynamodb.DynamoConsents;
import dev.perennial.aws.dynamodb.DynamoHistory;
import dev.perennial.domain.consent.Allowed;
import dev.perennial.domain.consent.Consents;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.delivery.Devices;
import dev.perennial.domain.profile.History;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Profile;
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
  private final Supplier<Portraits> portraits;
  private final String workspace;

  ShowProfile(Consents consents, History history, Supplier<Portraits> portraits, String workspace) {
    this.consents = consents;
    this.history = history;
    this.portraits = portraits;
    this.workspace = workspace;
  }

  static ShowProfile of(Environment environment) {
    var dynamo = DynamoClients.open(environment.variables());
    return new ShowProfile(
        new DynamoConsents(dynamo, environment.require("TABLE_PEOPLE")),
        new DynamoHistory(dynamo, environment.require("TABLE_HISTORY"), environment.workspace()),
        DynamoCatalogs.portraits(dynamo, environment.variables()),
        environment.workspace());
  }

  /**
   * The person as of now.
   *
   * @param kept what is kept aside of them
   */
  Fields show(Person person, List<Kept> kept, Instant now) {
    Allowed allowed = Allowed.of(person, workspace, consents);
    return ProfileCodec.write(profile(person, allowed, now), allowed.permissions(), kept);
  }

  /** As {@link #show}, with all identifiers, and the consent of all devices. */
  Fields whole(Person person, List<Kept> kept, Instant now) {
    Allowed allowed = Allowed.of(person, workspace, consents);
    Permissions all =
        Permissions.fold(
            Stream.concat(
                    Stream.of(allowed.permissions()),
                    consents.of(Devices.of(person, workspace)).values().stream())
                .toList());
    return ProfileCodec.write(profile(person, allowed, now).whole(person), all, kept);
  }

  private Profile profile(Person person, Allowed allowed, Instant now) {
    Portraits current = portraits.get();
    Person counted =
        person.counts(current.counters()) ? person : person.counting(current.counters(), history);
    return Profile.of(counted, allowed, current, workspace, now);
  }
}
