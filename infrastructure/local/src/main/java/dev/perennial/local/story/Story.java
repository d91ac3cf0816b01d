package dev.perennial.local.story;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/**
 * The platform's main job in a few scenes, played over HTTP. It begins in the past by as much time
 * as it takes, so that at its end the clock stands at a recent morning, when nobody sleeps.
 */
public final class Story {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("EEE d MMM uuuu, HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** Since midnight; within no quiet hours of the people in the story. */
  private static final Duration LATE_MORNING = Duration.ofHours(10);

  private final List<Scene> scenes;

  private Story(List<Scene> scenes) {
    this.scenes = List.copyOf(scenes);
  }

  /**
   * The story in {@code events/story}.
   *
   * @param events folder of all samples
   * @throws dev.perennial.local.StartFailure when a sample is broken, of the story or not
   */
  public static Story read(Path events) {
    return new Story(Scene.readAll(events));
  }

  /**
   * Plays it, and tells who received what and why. A platform that knows people already is left as
   * it is.
   */
  public void play(URI platform, String secretKey, PrintStream out)
      throws IOException, InterruptedException {
    try (Client client = new Client(platform, secretKey)) {
      if (client.get("/v1/insights/totals").path("profiles").asLong(0) > 0) {
        out.println("The story is for an empty platform; this one knows people already.");
        return;
      }
      Duration length = scenes.stream().map(Scene::advance).reduce(Duration.ZERO, Duration::plus);
      Instant beginning = end(InstantSource.system().instant()).minus(length);
      client.send("POST", "/local/clock", "{\"at\":\"" + beginning + "\"}");
      List<String> told = new ArrayList<>();
      for (Scene scene : scenes) {
        play(scene, client, told, out);
      }
      out.println();
      out.println(
          "The clock stands at "
              + client.get("/local/clock").path("at").asString()
              + ". Move it with:  curl "
              + platform
              + "/local/clock -d '{\"advance\":\"P1D\"}'");
    }
  }

  /** The latest 10:00 in UTC. */
  private static Instant end(Instant now) {
    return now.minus(LATE_MORNING).truncatedTo(ChronoUnit.DAYS).plus(LATE_MORNING);
  }

  private static void play(Scene scene, Client client, List<String> told, PrintStream out)
      throws IOException, InterruptedException {
    if (scene.advance().isPositive()) {
      client.send("POST", "/local/clock", "{\"advance\":\"" + scene.advance() + "\"}");
    }
    String time = TIME.format(Instant.parse(client.get("/local/clock").path("at").asString()));
    out.println();
    out.println(time + "  " + scene.title());
    for (Scene.Call call : scene.calls()) {
      client.send(call.method(), call.path(), call.body());
    }
    client.get("/local/idle");
    for (JsonNode message : client.get("/local/inbox").path("items")) {
      String id = message.path("id").asString();
      if (!told.contains(id)) {
        told.add(id);
        tell(message, client, out);
      }
    }
  }

  private static void tell(JsonNode message, Client client, PrintStream out)
      throws IOException, InterruptedException {
    String to = message.path("to").asString();
    String words =
        message.has("subject")
            ? message.path("subject").asString()
            : message.path("title").asString(message.path("body").asString(""));
    out.println("    → " + message.path("channel").asString() + " to " + to + ": " + words);
    JsonNode send = client.get("/v1/sends/" + message.path("sendId").asString("none"));
    out.println("      because " + reason(send, client));
    for (JsonNode finding : send.path("decision")) {
      out.println(
          "      "
              + (finding.path("passed").asBoolean(false) ? "✓ " : "✗ ")
              + finding.path("rule").asString("")
              + ": "
              + finding.path("fact").asString(""));
    }
  }

  /** What started the send: a journey's trigger, told with the profile's own memberships. */
  private static String reason(JsonNode send, Client client)
      throws IOException, InterruptedException {
    String definition = send.path("definition").asString("");
    if (!definition.startsWith("journey:")) {
      return definition.isEmpty() ? "of a send that is not known" : definition + " asked for it";
    }
    String journey = definition.substring("journey:".length());
    JsonNode trigger = client.get("/v1/journeys/" + encoded(journey)).path("trigger");
    if (trigger.has("event")) {
      return "journey " + journey + " starts at the event " + trigger.path("event").asString();
    }
    String segment = trigger.path("segment").asString("");
    String on = trigger.path("on").asString("entered");
    String since = "";
    JsonNode profile = client.get("/v1/profiles/" + encoded(send.path("profileId").asString("")));
    for (JsonNode membership : profile.path("segments")) {
      if (membership.path("id").asString("").equals(segment)) {
        since = ", at " + membership.path("enteredAt").asString("");
      }
    }
    return "journey " + journey + " starts when somebody has " + on + " segment " + segment + since;
  }

  private static String encoded(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
