package dev.perennial.domain.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Says in words why somebody got a message or did not. */
public final class ExplainSends {

  private ExplainSends() {}

  /** One sentence about each send, newest first as given; one about there being none. */
  public static List<String> explain(List<Send> sends) {
    return sends.isEmpty()
        ? List.of("It has never asked to send this person anything.")
        : sends.stream().map(ExplainSends::explain).toList();
  }

  /** One sentence about the send, with each reason. */
  public static String explain(Send send) {
    String what = "\"" + send.request().content() + "\"";
    return switch (send.state()) {
      case CLAIMED -> what + " is being sent" + via(send) + ".";
      case SENT -> what + " was sent" + via(send) + " at " + send.at() + ".";
      case RETRYABLE ->
          what
              + " is tried again"
              + via(send)
              + ", for it was not accepted: "
              + send.detail()
              + ".";
      case UNKNOWN ->
          send.detail() == null || send.doubtful()
              ? what
                  + " may have gone"
                  + via(send)
                  + ", and is not sent again"
                  + because(send, send.detail())
              : what
                  + " was handed over"
                  + via(send)
                  + " at "
                  + send.at()
                  + ", and nobody knows whether it was accepted ("
                  + send.detail()
                  + "). It is not sent again.";
      case REFUSED ->
          what + " was not accepted" + via(send) + ", for good" + because(send, send.detail());
      case NOT_SENT -> what + " was not sent" + because(send, null);
      case DEFERRED -> what + " waits until " + send.due() + because(send, null);
    };
  }

  private static String via(Send send) {
    return send.to() == null ? "" : " by " + name(send.to().channel());
  }

  private static String because(Send send, @Nullable String detail) {
    List<String> reasons = new ArrayList<>();
    if (detail != null) {
      reasons.add(detail);
    }
    for (Finding finding : send.findings()) {
      if (!finding.passed()) {
        reasons.add(name(finding.channel()) + ": " + words(finding));
      }
    }
    return reasons.isEmpty() ? "." : ", because of " + String.join("; ", reasons) + ".";
  }

  private static String words(Finding finding) {
    String subject =
        switch (finding.rule()) {
          case RESTORE -> "a restore from a backup";
          case EXPIRY -> "the news is stale";
          case PROVIDER -> "the provider";
          case PAUSE -> "a pause";
          case RENDITION -> "the content";
          case ADDRESS -> "the address";
          case SUPPRESSION -> "a blocked address";
          case DUPLICATE -> "a duplicate";
          case CONSENT -> "consent";
          case FREQUENCY_CAP -> "a frequency cap";
          case PUMPING -> "a limit against misuse";
          case QUIET_HOURS -> "quiet hours";
          case RATE -> "the provider's rate";
        };
    return subject + " (" + finding.fact() + ")";
  }

  private static String name(Channel channel) {
    return channel.name().toLowerCase(Locale.ROOT);
  }
}
