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
import dev.perennial.domain.delivery.SendTotals;
import dev.perennial.domain.delivery.Sends;
import dev.perennial.domain.delivery.Visit;
import dev.perennial.domain.erasure.Traces;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Totals;
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
  private final Totals totals;
  private final Map<String, Send> stored = new LinkedHashMap<>();
  private final Map<AddressClaim, String> claims = new HashMap<>();

  private record AddressClaim(String definition, String step, String round, Address to) {}

  /** With a pause switch that nobody pulls and totals that nobody reads. */
  public InMemorySends(Consents consents) {
    this(consents, new InMemoryPauseSwitch(), new InMemoryTotals());
  }

  public InMemorySends(Consents consents, PauseSwitch pauses, Totals totals) {
    this.consents = consents;
    this.pauses = pauses;
    this.totals = totals;
  }

  @Override
  public synchronized Optional<Send> find(String id) {
    return Optional.ofNullable(stored.get(id));
  }

  @Override
  public synchronized Claim claim(Send send, @Nullable Send known, Fence fence) {
    if (!isKnown(send.id(), known)) {
      return new Claim.Taken();
    }
    Address to = Objects.requireNonNull(send.to());
    AddressClaim address = claim(send, to);
    String holder = claims.getOrDefault(address, send.id());
    if (!holder.equals(send.id())) {
      Send other = stored.get(holder);
      return other == null ? new Claim.Duplicate() : Claim.behind(other, to);
    }
    if (!consents.of(fence.asked().keySet()).equals(fence.asked())
        || pauses.position().paused().contains(to.channel())
        || !Objects.equals(pauses.position().fencedUntil(), fence.fencedUntil())) {
      return new Claim.Stale();
    }
    Counted message =
        new Counted(send.id(), to.channel(), send.request().topic(), send.at(), fence.marketing());
    fence.counting().forEach(id -> consents.save(id, consents.of(id).counting(message)));
    release(send, known);
    claims.put(address, send.id());
    put(send);
    return new Claim.Claimed();
  }

  @Override
  public synchronized boolean store(Send send, @Nullable Send known) {
    if (!isKnown(send.id(), known)) {
      return false;
    }
    release(send, known);
    put(send);
    return true;
  }

  private void release(Send send, @Nullable Send known) {
    if (known != null) {
      known.released(send).ifPresent(left -> claims.remove(claim(send, left), send.id()));
    }
  }

  private static AddressClaim claim(Send send, Address to) {
    SendRequest request = send.request();
    return new AddressClaim(request.definition(), request.step(), request.round(), to);
  }

  /** Receipts and visits of it come at any time, and stay. */
  private void put(Send send) {
    Send before = stored.get(send.id());
    stored.put(send.id(), before == null ? send : send.heard(before.receipts(), before.visits()));
    SendTotals.changes(before, send).forEach(totals::add);
  }

  private boolean isKnown(String id, @Nullable Send known) {
    Send now = stored.get(id);
    if (now == null || known == null) {
      return now == null && known == null;
    }
    return now.state() == known.state()
        && now.attempts() == known.attempts()
        && Objects.equals(now.due(), known.due());
  }

  @Override
  public synchronized Optional<State> settle(Send send) {
    Send known = stored.get(send.id());
    if (known == null || !known.givesWayTo(send)) {
      return Optional.empty();
    }
    put(send);
    return Optional.of(known.state());
  }

  @Override
  public synchronized Optional<Send> receive(Receipt receipt) {
    Send known = stored.get(receipt.send());
    if (known == null) {
      return Optional.empty();
    }
    if (!known.receipts().containsKey(receipt.kind())) {
      totals.add(SendTotals.of(known.channel(), receipt.kind()), 1);
    }
    Send next = known.with(receipt);
    stored.put(known.id(), next);
    return Optional.of(next);
  }

  @Override
  public synchronized Optional<Send> visit(String id, Visit visit) {
    Send known = stored.get(id);
    if (known == null) {
      return Optional.empty();
    }
    Send next = known.with(visit);
    stored.put(id, next);
    return Optional.of(next);
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
