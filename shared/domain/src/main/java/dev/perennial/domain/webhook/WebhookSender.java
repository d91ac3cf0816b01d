package dev.perennial.domain.webhook;

import java.net.URI;
import java.util.Map;

/** Posts to places that the team named. Nothing is retried. */
@FunctionalInterface
public interface WebhookSender {

  /** Posts the JSON. */
  Answer post(URI url, Map<String, String> headers, byte[] body);

  /** What became of it. */
  sealed interface Answer {
    /** The receiver answered with that status. A redirection is an answer, and not followed. */
    record Answered(int status) implements Answer {}

    /** The URL leads where nothing may be posted to; nothing was. */
    record Forbidden(String reason) implements Answer {}

    /** There was no answer in time. */
    record Failed(String reason) implements Answer {}
  }
}
