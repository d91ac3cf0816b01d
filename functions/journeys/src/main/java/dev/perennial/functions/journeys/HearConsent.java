package dev.perennial.functions.journeys;

import dev.perennial.domain.Publisher;
import dev.perennial.domain.consent.Consents;
import dev.perennial.domain.consent.RecordConsent;
import dev.perennial.domain.journey.Trigger;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.ProfileChange;
import dev.perennial.json.ConsentCodec;

/**
 * Records what people decide about messages where an event reports it. A repeat changes nothing.
 */
final class HearConsent {

  private final String workspace;
  private final People people;
  private final RecordConsent recordConsent;

  HearConsent(
      String workspace, People people, Consents consents, Publisher<ProfileChange> changes) {
    this.workspace = workspace;
    this.people = people;
    this.recordConsent = new RecordConsent(workspace, consents, changes);
  }

  void hear(Trigger trigger) {
    if (trigger instanceof Trigger.OfEvent(var id, var event)) {
      ConsentCodec.heard(event)
          .ifPresent(
              consent ->
                  people
                      .find(id)
                      .ifPresent(
                          person ->
                              recordConsent.record(
                                  people, person, event.owner().hash(workspace), consent)));
    }
  }
}
