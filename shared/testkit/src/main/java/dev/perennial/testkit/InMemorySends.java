package dev.perennial.testkit;

import dev.perennial.domain.Page;
import dev.perennial.domain.consent.Consents;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.delivery.Address;
import dev.perennial.domain.delivery.Send;
import dev.perennial.domain.delivery.Send.State;
import dev.perennial.domain.delivery.Sends;
import dev.perennial.domain.erasure.Traces;
import dev.perennial.domain.identity.PersonId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sends of a test. */
public final class InMemorySends implements Sends, Traces {

  private final Consents consents;
  private final Map<String, Send> stored = new LinkedHashMap<>();
  private final Map<AddressClaim, String> claims = new HashMap<>();

  private record AddressClaim(String definition, String step, String occurrence, Address to) {}

  public InMemorySends(Consents consents) {
    this.consents = consents;
  }

  @Override
  public synchronized Optional<Send> find(String id) {
    return Optional.ofNullable(stored.get(id));
  }

  @Override
  public synchronized Claim claim(Send send, Map<PersonId, Permissions> asked) {
    Send known = stored.get(send.id());
    boolean ours =
        known == null
            ? send.attempts() == 1
            : known.state() == State.RETRYABLE && known.attempts() + 1 == send.attempts();
    if (!ours) {
      return Claim.TAKEN;
    }
    AddressClaim address =
        new AddressClaim(
            send.definition(), send.step(), send.occurrence(), Objects.requireNonNull(send.to()));
    if (!claims.getOrDefault(address, send.id()).equals(send.id())) {
      return Claim.DUPLICATE;
    }
    if (!consents.of(asked.keySet()).equals(asked)) {
      return Claim.STALE;
    }
    claims.put(address, send.id());
    stored.put(send.id(), send);
    return Claim.CLAIMED;
  }

  @Override
  public synchronized boolean decline(Send send) {
    Send known = stored.get(send.id());
    if (known != null && known.state() != State.RETRYABLE) {
      return false;
    }
    stored.put(send.id(), send);
    return true;
  }

  @Override
  public synchronized Optional<State> settle(Send send) {
    Send known = stored.get(send.id());
    if (known == null || known.attempts() != send.attempts()) {
      return Optional.empty();
    }
    boolean open =
        known.state() == State.CLAIMED
            || (known.state() == State.UNKNOWN && send.state() != State.UNKNOWN);
    if (!open) {
      return Optional.empty();
    }
    stored.put(send.id(), send);
    return Optional.of(known.state());
  }

  @Override
  public synchronized Page<Send> ofPerson(PersonId person, int limit, @Nullable String cursor) {
    List<Send> all =
        stored.values().stream()
            .filter(send -> send.person().equals(person))
            .sorted((one, other) -> other.at().compareTo(one.at()))
            .toList();
    int from = cursor == null ? 0 : Integer.parseInt(cursor);
    int to = Math.min(all.size(), from + limit);
    return new Page<>(all.subList(from, to), to < all.size() ? Integer.toString(to) : null);
  }

  @Override
  public synchronized int forget(PersonId person) {
    List<String> gone =
        stored.values().stream()
            .filter(send -> send.person().equals(person))
            .map(Send::id)
            .toList();
    stored.keySet().removeAll(gone);
    claims.values().removeAll(gone);
    return gone.size();
  }

  @Override
  public synchronized String toString() {
    return stored + " " + claims;
  }
}
