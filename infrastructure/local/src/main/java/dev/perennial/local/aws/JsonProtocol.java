package dev.perennial.local.aws;

import dev.perennial.local.aws.KeptConnections.Answer;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A client of one local server for AWS's JSON protocol. It keeps connections open and signs
 * nothing: local servers look only at the form of a signature. Safe for use by many threads.
 */
public final class JsonProtocol implements AutoCloseable {

  private static final String UNSIGNED =
      "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/local/aws4_request, SignedHeaders=host,"
          + " Signature=0";

  private final KeptConnections connections;
  private final String service;

  /**
   * A client.
   *
   * @param service as {@code X-Amz-Target} names it, for example {@code AmazonSQS}
   */
  JsonProtocol(URI server, String service) {
    this.connections = new KeptConnections(server);
    this.service = service;
  }

  /**
   * Carries out an action, for example {@code ReceiveMessage}, and returns the answer's JSON.
   *
   * @throws IOException when the server does not answer or answers an error; the message carries
   *     its words
   */
  public String call(String action, String json) throws IOException {
    Answer answer =
        forward(
            service + "." + action,
            Optional.of("application/x-amz-json-1.0"),
            Optional.empty(),
            json.getBytes(StandardCharsets.UTF_8));
    String body = new String(answer.body(), StandardCharsets.UTF_8);
    if (answer.status() != 200) {
      throw new IOException(action + " answered " + answer.status() + ": " + body);
    }
    return body;
  }

  /** Passes on a request as it came. */
  Answer forward(
      String target, Optional<String> contentType, Optional<String> authorization, byte[] body)
      throws IOException {
    Map<String, String> headers = new HashMap<>();
    headers.put("X-Amz-Target", target);
    headers.put("Authorization", authorization.orElse(UNSIGNED));
    contentType.ifPresent(type -> headers.put("Content-Type", type));
    return connections.post(headers, body);
  }

  @Override
  public void close() {
    connections.close();
  }
}
