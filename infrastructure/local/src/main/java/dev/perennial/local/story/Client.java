package dev.perennial.local.story;

import static dev.perennial.local.Json.JSON;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import tools.jackson.databind.JsonNode;

/** A client of the API that holds a secret key. */
final class Client implements AutoCloseable {

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI platform;
  private final String secretKey;

  Client(URI platform, String secretKey) {
    this.platform = platform;
    this.secretKey = secretKey;
  }

  /** What is there; missing when there is nothing. */
  JsonNode get(String path) throws IOException, InterruptedException {
    HttpResponse<String> response = exchange(request(path).GET());
    return response.statusCode() == 404 ? JSON.missingNode() : checked(response);
  }

  void send(String method, String path, String body) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body));
    checked(exchange(request));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(platform.resolve(path))
        .header("Authorization", "Bearer " + secretKey);
  }

  private HttpResponse<String> exchange(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static JsonNode checked(HttpResponse<String> response) throws IOException {
    if (response.statusCode() >= 300) {
      throw new IOException(
          response.request().method()
              + " "
              + response.request().uri().getPath()
              + " was answered with "
              + response.statusCode()
              + " "
              + response.body());
    }
    return response.body().isEmpty() ? JSON.missingNode() : JSON.readTree(response.body());
  }

  @Override
  public void close() {
    http.close();
  }
}
