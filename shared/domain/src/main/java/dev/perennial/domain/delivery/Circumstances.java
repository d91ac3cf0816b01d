package dev.perennial.domain.delivery;

import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Person;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a decision goes by, beside the request.
 *
 * @param person null when there is none of that id
 * @param content null when there is none of that id
 * @param asked permissions under every id and address of the person
 * @param position of what holds messages back
 * @param known what became of the message so far; null for nothing
 * @param avoided channels that do not work just now
 * @param links that the message carries
 */
public record Circumstances(
    String workspace,
    @Nullable Person person,
    @Nullable Content content,
    Map<PersonId, Permissions> asked,
    Policy policy,
    PauseSwitch.Position position,
    @Nullable Send known,
    Set<Channel> avoided,
    Links links,
    Instant now) {
  public Circumstances {
    asked = Map.copyOf(asked);
    avoided = Set.copyOf(avoided);
  }

  /** Channels whose provider refused the message for good. */
  Set<Channel> refused() {
    return known == null ? Set.of() : known.refused();
  }

  /** Since when the message may have gone: it was wished for, or waited until then. */
  Instant since(SendRequest request) {
    if (known == null) {
      return request.asked();
    }
    return known.due() == null ? known.at() : known.due();
  }

  /** Under which ids permissions are to be asked for. */
  public static Set<PersonId> ids(SendRequest request, @Nullable Person person, String workspace) {
    if (person == null) {
      return Set.of(request.person());
    }
    Set<PersonId> ids = new HashSet<>(person.ids(workspace));
    for (Channel channel : request.channels()) {
      Addresses.all(person, channel).forEach(address -> ids.add(address.key(workspace)));
    }
    return ids;
  }
}
