package dev.perennial.local.aws;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;

/**
 * A client of one local server for AWS's JSON protocol. It keeps connections open and signs
 * nothing: local servers look only at the form of a signature. Safe for use by many threads.
 */
public final class JsonProtocol implements AutoCloseable {

  private static final String UNSIGNED =
      "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/local/aws4_request, SignedHeaders=host,"
          + " Signature=0";

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI server;
  private final String service;

  /**
   * A client.
   *
   * @param service as {@code X-Amz-Target} names it, for example {@code AmazonSQS}
   */
  JsonProtocol(URI server, String service) {
    this.server = server;
    this.service = service;
  }

  /**
   * Carries out an action, for example {@code ReceiveMessage}, and returns the answer's JSON.
   *
   * @throws IOException when the server does not answer or answers an error; the message carries
   *     its words
   */
  public String call(String action, String json) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(server)
            .header("Content-Type", "application/x-amz-json-1.0")
            .header("X-Amz-Target", service + "." + action)
            .header("Authorization", UNSIGNED)
            .POST(BodyPublishers.ofString(json))
            .build();
    HttpResponse<String> response = send(request, BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(action + " answered " + response.statusCode() + ": " + response.body());
    }
    return response.body();
  }

  /** Passes on a request as it came. */
  HttpResponse<byte[]> forward(
      String target, Optional<String> contentType, Optional<String> authorization, byte[] body)
      throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server)
            .header("X-Amz-Target", target)
            .header("Authorization", authorization.orElse(UNSIGNED))
            .POST(BodyPublishers.ofByteArray(body));
    contentType.ifPresent(type -> request.header("Content-Type", type));
    return send(request.build(), BodyHandlers.ofByteArray());
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }

  private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws IOException {
    try {
      return http.send(request, handler);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted").initCause(e);
    }
  }
}
