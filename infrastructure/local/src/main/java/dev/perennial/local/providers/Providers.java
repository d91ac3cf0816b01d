package dev.perennial.local.providers;

import dev.perennial.topology.Grant;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** The stand-ins of all providers, over one inbox. */
public final class Providers {

  private final Receipts receipts = new Receipts();
  private final Inbox inbox = new Inbox(receipts);
  private final ProviderFaults faults = new ProviderFaults();
  private final Pinpoint pinpoint;
  private final Ses ses;

  /** Stand-ins that stamp what they accept by the clock. */
  public Providers(InstantSource clock) {
    pinpoint = new Pinpoint(inbox, clock);
    ses = new Ses(inbox, clock);
  }

  /** What was accepted. */
  public Inbox inbox() {
    return inbox;
  }

  /** What is to be told of that. */
  public Receipts receipts() {
    return receipts;
  }

  /** How the next calls fail. */
  public ProviderFaults faults() {
    return faults;
  }

  /**
   * Carries out a call that sends.
   *
   * @param path of the request, which names Pinpoint's application
   */
  public Reply answer(Grant.Provider provider, String path, byte[] body) {
    Optional<ProviderFaults.Fault> fault = faults.take(provider);
    if (fault.isEmpty()) {
      return accept(provider, path, body);
    }
    return switch (fault.get()) {
      case LOST_REPLY -> {
        accept(provider, path, body);
        yield new Reply.Dropped();
      }
      case RESET -> new Reply.Dropped();
      case SERVER_ERROR -> Reply.error(500, "InternalServerErrorException", "armed fault");
      case THROTTLE -> Reply.error(429, "TooManyRequestsException", "armed fault");
      case SLOW -> {
        Reply reply = accept(provider, path, body);
        yield pause() ? reply : new Reply.Dropped();
      }
    };
  }

  private Reply accept(Grant.Provider provider, String path, byte[] body) {
    return switch (provider) {
      case PINPOINT -> pinpoint.sendMessages(path, body);
      case SES -> ses.sendEmail(body);
    };
  }

  private static boolean pause() {
    try {
      Thread.sleep(Duration.ofSeconds(ProviderFaults.Fault.SLOWNESS_SECONDS));
      return true;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
