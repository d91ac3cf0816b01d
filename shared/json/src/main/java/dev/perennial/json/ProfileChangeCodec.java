package dev.perennial.json;

import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.ProfileChange;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Text;
import java.util.Map;

/** Profile changes as messages of the queue {@code profile-changes}. */
public final class ProfileChangeCodec {

  private ProfileChangeCodec() {}

  /** The change as a message. */
  public static String writeMessage(ProfileChange change) {
    return Json.text(
        new Fields(
            Map.of(
                "person", new Text(change.person().value()),
                "cause", new Text(JsonNode.name(change.cause())))));
  }

  /**
   * The change of a message.
   *
   * @throws JsonProblem when it is no JSON
   * @throws InvalidDocument when it holds anything but a change
   */
  public static ProfileChange readMessage(String message) {
    JsonObject fields = JsonObject.root(Json.readOwn(message));
    return new ProfileChange(
        new PersonId(fields.required("person").text()),
        fields.required("cause").choice(Cause.class));
  }
}
