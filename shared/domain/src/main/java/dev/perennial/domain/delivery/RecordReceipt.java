package dev.perennial.domain.delivery;

import dev.perennial.domain.Publisher;
import dev.perennial.domain.consent.Block;
import dev.perennial.domain.consent.Consent;
import dev.perennial.domain.consent.Consents;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.consent.RecordConsent;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.ProfileChange;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * Records what providers tell of messages, in any order and more than once: a receipt settles what
 * was unknown, an address that does not exist or whose owner complained is blocked, and whoever
 * answers STOP gets no more text messages. An address that does not exist is no objection: what its
 * owner allows stays as it is.
 */
public final class RecordReceipt {

  private static final String BASIS = "consent";

  private final String workspace;
  private final Sends sends;
  private final RecordConsent recordConsent;
  private final ReportReceipt reportReceipt;

  /**
   * @param changes is told of whoever may be in other segments by it
   * @param events what people did with messages, as events of theirs
   */
  public RecordReceipt(
      String workspace,
      Sends sends,
      Consents consents,
      Publisher<ProfileChange> changes,
      Publisher<Event> events) {
    this.workspace = workspace;
    this.sends = sends;
    this.recordConsent = new RecordConsent(workspace, consents, changes);
    this.reportReceipt = new ReportReceipt(events);
  }

  /**
   * Records it.
   *
   * @throws dev.perennial.domain.Contended when others kept changing the same address; to be
   *     repeated
   */
  public void record(ProviderNews news, Instant now) {
    switch (news) {
      case ProviderNews.Fate(Receipt receipt, String providerId, Address to) ->
          record(receipt, providerId, to, now);
      case ProviderNews.Reply(Address from, String text, Instant at) ->
          ReplyWord.of(text).ifPresent(word -> answer(word, from, at));
      case ProviderNews.Nothing _ -> {}
    }
  }

  private void record(Receipt receipt, String providerId, Address to, Instant now) {
    sends
        .receive(receipt)
        .ifPresent(
            send -> {
              // Whoever tells of a message has accepted it.
              send.arrived(providerId).ifPresent(sends::settle);
              reportReceipt.report(send, to, receipt, now);
            });
    // Also when the message was forgotten with whoever got it: the address outlives them.
    switch (receipt.kind()) {
      case BOUNCED -> block(to, Block.Reason.HARD_BOUNCE, receipt.at());
      case COMPLAINED -> {
        block(to, Block.Reason.COMPLAINT, receipt.at());
        decide(to, Consent.Decision.DENIED, receipt.at(), "complaint");
      }
      case DELIVERED, FAILED, UNSUBSCRIBED, OPENED, CLICKED -> {}
    }
  }

  private void answer(ReplyWord word, Address from, Instant at) {
    switch (word) {
      case STOP -> {
        block(from, Block.Reason.STOP, at);
        decide(from, Consent.Decision.DENIED, at, "reply STOP");
      }
      case START -> {
        recordConsent.change(
            from.key(workspace),
            known ->
                known.blocks().stream()
                            .anyMatch(
                                block ->
                                    block.reason() == Block.Reason.STOP && block.at().isBefore(at))
                        && !isDecidedSince(known, from, Consent.Decision.DENIED, at)
                    ? known.without(Set.of(Block.Reason.STOP))
                    : known);
        decide(from, Consent.Decision.GRANTED, at, "reply START");
      }
    }
  }

  /** A STOP is over once a later START was heard. */
  private void block(Address address, Block.Reason reason, Instant at) {
    recordConsent.change(
        address.key(workspace),
        known -> {
          boolean over =
              reason == Block.Reason.STOP
                  && isDecidedSince(known, address, Consent.Decision.GRANTED, at.plusMillis(1));
          return over ? known : known.with(new Block(reason, at));
        });
  }

  private static boolean isDecidedSince(
      Permissions known, Address address, Consent.Decision decision, Instant at) {
    return known.consents().stream()
        .anyMatch(
            consent ->
                consent.channel() == address.channel()
                    && consent.topic().equals(Consent.ALL)
                    && consent.decision() == decision
                    && !consent.at().isBefore(at));
  }

  private void decide(Address address, Consent.Decision decision, Instant at, String source) {
    List<PersonId> key = List.of(address.key(workspace));
    recordConsent.record(
        key, new Consent(address.channel(), Consent.ALL, decision, at, BASIS, source));
  }
}
