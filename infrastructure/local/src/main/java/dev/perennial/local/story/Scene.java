package dev.perennial.local.story;

import static dev.perennial.local.Json.JSON;

import dev.perennial.local.StartFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;

/**
 * A scene of the story, one file in {@code events/story}: time goes on, then requests are sent.
 *
 * @param title what happens, in a sentence
 * @param advance by how much the clock moves first
 */
record Scene(String title, Duration advance, List<Call> calls) {

  /** A request to the API and its JSON body. */
  record Call(String method, String path, String body) {}

  Scene {
    calls = List.copyOf(calls);
  }

  /**
   * All scenes in the order of their file names. Reads every other sample on the way, so that a
   * broken one is told of early.
   *
   * @param events folder of all samples
   * @throws StartFailure when a sample is broken
   */
  static List<Scene> readAll(Path events) {
    List<Scene> scenes = new ArrayList<>();
    try (Stream<Path> files = Files.walk(events)) {
      for (Path file : files.filter(name -> name.toString().endsWith(".json")).sorted().toList()) {
        JsonNode json = parse(file);
        if (events.resolve("story").equals(file.getParent())) {
          scenes.add(scene(file, json));
        }
      }
    } catch (IOException | UncheckedIOException e) {
      throw new StartFailure(
          "The samples in " + events + " cannot be read: restore the folder with git.", e);
    }
    return scenes;
  }

  private static JsonNode parse(Path file) throws IOException {
    try {
      return JSON.readTree(Files.readAllBytes(file));
    } catch (JacksonException e) {
      TokenStreamLocation at = e.getLocation();
      throw broken(
          file,
          "line "
              + (at == null ? 0 : at.getLineNr())
              + " is no JSON: "
              + String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse(""));
    }
  }

  private static Scene scene(Path file, JsonNode json) {
    if (!json.path("title").isString() || !json.path("requests").isArray()) {
      throw broken(file, "a scene needs a title and requests");
    }
    List<Call> calls = new ArrayList<>();
    for (JsonNode request : json.path("requests")) {
      if (!request.path("method").isString() || !request.path("path").isString()) {
        throw broken(file, "a request needs a method and a path");
      }
      calls.add(
          new Call(
              request.path("method").asString(),
              request.path("path").asString(),
              request.path("body").toString()));
    }
    try {
      Duration advance = Duration.parse(json.path("advance").asString("PT0S"));
      return new Scene(json.path("title").asString(), advance, calls);
    } catch (DateTimeException e) {
      throw broken(file, "advance is no ISO-8601 duration");
    }
  }

  private static StartFailure broken(Path file, String detail) {
    return new StartFailure(
        "The sample " + file + " is broken, " + detail + ": repair it, or restore it with git.");
  }
}
