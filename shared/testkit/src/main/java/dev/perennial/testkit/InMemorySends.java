package dev.perennial.testkit;

import dev.perennial.domain.Page;
import dev.perennial.domain.consent.Consents;
import dev.perennial.domain.consent.Counted;
import dev.perennial.domain.delivery.Address;
import dev.perennial.domain.delivery.Fence;
import dev.perennial.domain.delivery.PauseSwitch;
import dev.perennial.domain.delivery.Receipt;
import dev.perennial.domain.delivery.Send;
import dev.perennial.domain.delivery.Send.State;
import dev.perennial.domain.delivery.SendRequest;
import dev.perennial.domain.delivery.Sends;
import dev.perennial.domain.delivery.Visit;
import dev.perennial.domain.erasure.Traces;
import dev.perennial.domain.identity.PersonId;
import java.time.Instant;
import java.util.ArrayList;
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
  private final PauseSwitch pauses;
  private final Map<String, Send> stored = new LinkedHashMap<>();
  private final Map<AddressClaim, String> claims = new HashMap<>();

  private record AddressClaim(String definition, String step, String round, Address to) {}

  /** With a pause switch that nobody pulls. */
  public InMemorySends(Consents consents) {
    this(consents, new InMemoryPauseSwitch());
  }

  public InMemorySends(Consents consents, PauseSwitch pauses) {
    this.consents = consents;
    this.pauses = pauses;
  }

  @Override
  public synchronized Optional<Send> find(String id) {
    return Optional.ofNullable(stored.get(id));
  }

  @Override
  public synchronized Claim claim(Send send, @Nullable Send known, Fence fence) {
    if (!isKnown(send.id(), known)) {
      return Claim.TAKEN;
    }
    SendRequest request = send.request();
    Address to = Objects.requireNonNull(send.to());
    AddressClaim address =
        new AddressClaim(request.definition(), request.step(), request.round(), to);
    if (!claims.getOrDefault(address, send.id()).equals(send.id())) {
      return Claim.DUPLICATE;
    }
    if (!consents.of(fence.asked().keySet()).equals(fence.asked())
        || pauses.paused().contains(to.channel())) {
      return Claim.STALE;
    }
    Counted message =
        new Counted(send.id(), to.channel(), request.topic(), send.at(), fence.marketing());
    fence.counting().forEach(id -> consents.save(id, consents.of(id).counting(message)));
    claims.put(address, send.id());
    stored.put(send.id(), send);
    return Claim.CLAIMED;
  }

  @Override
  public synchronized boolean store(Send send, @Nullable Send known) {
    if (!isKnown(send.id(), known)) {
      return false;
    }
    stored.put(send.id(), send);
    return true;
  }

  private boolean isKnown(String id, @Nullable Send known) {
    Send now = stored.get(id);
    if (now == null || known == null) {
      return now == null && known == null;
    }
    return now.state() == known.state() && now.attempts() == known.attempts();
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
    stored.put(send.id(), with(send, known.receipts(), known.visits()));
    return Optional.of(known.state());
  }

  @Override
  public synchronized boolean receive(Receipt receipt) {
    Send known = stored.get(receipt.send());
    if (known == null) {
      return false;
    }
    Map<Receipt.Kind, Instant> receipts = new HashMap<>(known.receipts());
    Instant before = receipts.merge(receipt.kind(), receipt.at(), InMemorySends::earlier);
    boolean first = !known.receipts().containsKey(receipt.kind());
    stored.put(known.id(), with(known, receipts, known.visits()));
    return first && before.equals(receipt.at());
  }

  @Override
  public synchronized void visit(String id, Visit visit) {
    Send known = stored.get(id);
    if (known != null && known.visits().size() < Visit.MOST) {
      List<Visit> visits = new ArrayList<>(known.visits());
      visits.add(visit);
      stored.put(id, with(known, known.receipts(), visits));
    }
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private static Send with(Send send, Map<Receipt.Kind, Instant> receipts, List<Visit> visits) {
    return new Send(
        send.id(),
        send.request(),
        send.at(),
        send.state(),
        send.attempts(),
        send.to(),
        send.refused(),
        send.findings(),
        send.due(),
        send.providerId(),
        send.detail(),
        receipts,
        visits);
  }

  @Override
  public synchronized Page<Send> ofPerson(PersonId person, int limit, @Nullable String cursor) {
    List<Send> all =
        stored.values().stream()
            .filter(send -> send.request().person().equals(person))
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
            .filter(send -> send.request().person().equals(person))
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
