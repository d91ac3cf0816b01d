package dev.perennial.topology;

import static dev.perennial.topology.Grant.Provider.PINPOINT;
import static dev.perennial.topology.Grant.Provider.SES;
import static dev.perennial.topology.Grant.TableAction.BATCH_GET;
import static dev.perennial.topology.Grant.TableAction.CHECK;
import static dev.perennial.topology.Grant.TableAction.DELETE;
import static dev.perennial.topology.Grant.TableAction.GET;
import static dev.perennial.topology.Grant.TableAction.PUT;
import static dev.perennial.topology.Grant.TableAction.QUERY;
import static dev.perennial.topology.Grant.TableAction.SCAN;
import static dev.perennial.topology.Grant.TableAction.UPDATE;
import static dev.perennial.topology.Queue.BACKFILLS;
import static dev.perennial.topology.Queue.BULK_MESSAGES;
import static dev.perennial.topology.Queue.CROWD_TRIGGERS;
import static dev.perennial.topology.Queue.CROWD_WEBHOOKS;
import static dev.perennial.topology.Queue.DUE_ENROLLMENTS;
import static dev.perennial.topology.Queue.DUE_PEOPLE;
import static dev.perennial.topology.Queue.DUE_SENDS;
import static dev.perennial.topology.Queue.ERASURES;
import static dev.perennial.topology.Queue.EVENTS;
import static dev.perennial.topology.Queue.MESSAGES;
import static dev.perennial.topology.Queue.PROFILE_CHANGES;
import static dev.perennial.topology.Queue.RECEIPTS;
import static dev.perennial.topology.Queue.TRIGGERS;
import static dev.perennial.topology.Queue.WEBHOOKS;
import static dev.perennial.topology.Setting.ERASED_REFUSED_FOR;
import static dev.perennial.topology.Setting.MOST_USER_IDS;
import static dev.perennial.topology.Setting.QUARANTINE_BEYOND;
import static dev.perennial.topology.Table.DEFINITIONS;
import static dev.perennial.topology.Table.HISTORY;
import static dev.perennial.topology.Table.JOURNEYS;
import static dev.perennial.topology.Table.PEOPLE;
import static dev.perennial.topology.Table.SENDS;
import static dev.perennial.topology.Table.TIMERS;

import dev.perennial.topology.Grant.TableAction;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Every function of the platform: what starts it and what it may touch. Read top-down, it is the
 * way of an event.
 */
public final class Topology {

  private static final Duration HTTP_TIMEOUT = Duration.ofSeconds(10);

  private static final List<Function> FUNCTIONS =
      List.of(
          function(
              "AcceptEvents",
              "ingest",
              http(
                  "POST /v1/identify",
                  "POST /v1/track",
                  "POST /v1/page",
                  "POST /v1/screen",
                  "POST /v1/group",
                  "POST /v1/alias",
                  "POST /v1/batch",
                  "POST /v1/import",
                  // Segment's Java client posts to /v1/import/, for API Gateway another path
                  "POST /v1/{path+}"),
              on(DEFINITIONS, GET),
              send(EVENTS)),
          function(
                  "RecordEvents",
                  "identity",
                  sqs(EVENTS, 10),
                  on(PEOPLE, GET, BATCH_GET, PUT, CHECK),
                  on(HISTORY, QUERY, PUT, UPDATE),
                  on(TIMERS, PUT),
                  on(DEFINITIONS, GET, QUERY, UPDATE),
                  send(PROFILE_CHANGES),
                  send(TRIGGERS))
              .reading(MOST_USER_IDS, QUARANTINE_BEYOND),
          function(
              "EvaluateProfile",
              "segments",
              Stream.concat(sqs(PROFILE_CHANGES, 10), sqs(DUE_PEOPLE, 5)),
              on(PEOPLE, GET, BATCH_GET, PUT),
              on(HISTORY, QUERY),
              on(TIMERS, PUT, DELETE),
              on(DEFINITIONS, GET, QUERY, UPDATE, DELETE),
              send(TRIGGERS),
              send(CROWD_TRIGGERS),
              send(WEBHOOKS),
              send(CROWD_WEBHOOKS)),
          function(
              "BackfillSegment",
              "segments",
              sqs(BACKFILLS, 1, 8),
              on(PEOPLE, SCAN, GET, BATCH_GET, PUT),
              on(HISTORY, QUERY),
              on(TIMERS, PUT, DELETE),
              on(DEFINITIONS, GET, QUERY, PUT, UPDATE, DELETE),
              send(BACKFILLS),
              send(TRIGGERS),
              send(CROWD_TRIGGERS),
              send(WEBHOOKS),
              send(CROWD_WEBHOOKS)),
          function(
              "LifecycleTick",
              "segments",
              Stream.of(new Trigger.Schedule(Duration.ofMinutes(1))),
              on(TIMERS, QUERY, DELETE),
              on(DEFINITIONS, GET, QUERY),
              send(DUE_PEOPLE),
              send(DUE_ENROLLMENTS),
              send(BACKFILLS),
              send(ERASURES),
              send(DUE_SENDS)),
          function(
              "AdvanceJourney",
              "journeys",
              Stream.of(sqs(TRIGGERS, 10), sqs(CROWD_TRIGGERS, 5), sqs(DUE_ENROLLMENTS, 5))
                  .flatMap(trigger -> trigger),
              on(JOURNEYS, GET, BATCH_GET, QUERY, PUT),
              on(PEOPLE, GET, PUT),
              on(TIMERS, PUT, DELETE),
              on(DEFINITIONS, GET, QUERY),
              send(MESSAGES),
              send(BULK_MESSAGES),
              send(PROFILE_CHANGES)),
          function(
              "AcceptMessage",
              "delivery",
              http("POST /v1/messages"),
              on(DEFINITIONS, GET),
              on(PEOPLE, GET),
              on(SENDS, GET, PUT),
              send(MESSAGES)),
          function(
              "SendMessage",
              "delivery",
              // A provider may take 10 s to answer, and the function has 60.
              Stream.of(sqs(MESSAGES, 5, 10), sqs(BULK_MESSAGES, 5, 5), sqs(DUE_SENDS, 5, 5))
                  .flatMap(trigger -> trigger),
              on(SENDS, GET, PUT, UPDATE, DELETE),
              on(PEOPLE, GET, BATCH_GET, PUT, CHECK),
              on(TIMERS, PUT, DELETE),
              on(DEFINITIONS, GET, PUT, UPDATE, CHECK),
              send(PROFILE_CHANGES),
              send(EVENTS),
              provider(PINPOINT),
              provider(SES)),
          function(
              "DeliverWebhook",
              "delivery",
              Stream.concat(sqs(WEBHOOKS, 10), sqs(CROWD_WEBHOOKS, 5)),
              on(DEFINITIONS, GET),
              on(PEOPLE, GET),
              send(CROWD_WEBHOOKS)),
          function(
              "ErasePerson",
              "identity",
              // A visit makes up to some four thousand calls, and whoever waits is erased already.
              sqs(ERASURES, 1, 2),
              on(PEOPLE, GET, BATCH_GET, QUERY, PUT, DELETE),
              on(HISTORY, QUERY, PUT, DELETE),
              on(JOURNEYS, QUERY, DELETE),
              on(SENDS, GET, QUERY, DELETE),
              on(TIMERS, PUT, DELETE),
              on(DEFINITIONS, GET, PUT, UPDATE, DELETE),
              send(ERASURES)),
          function(
              "RecordReceipt",
              "delivery",
              sqs(RECEIPTS, 5),
              on(SENDS, GET, UPDATE),
              on(PEOPLE, GET, PUT, DELETE),
              on(DEFINITIONS, UPDATE),
              send(PROFILE_CHANGES),
              send(EVENTS)),
          function(
                  "ManageProfiles",
                  "identity",
                  http(
                      "GET /v1/profiles",
                      "GET /v1/profiles/{id}",
                      "GET /v1/profiles/{id}/identity",
                      "GET /v1/profiles/{id}/history",
                      "GET /v1/profiles/{id}/sends",
                      "GET /v1/insights/totals",
                      "GET /v1/openapi.yaml"),
                  on(PEOPLE, GET, BATCH_GET),
                  on(HISTORY, GET, BATCH_GET, QUERY),
                  on(SENDS, QUERY, BATCH_GET),
                  on(DEFINITIONS, GET, BATCH_GET, QUERY))
              .reading(MOST_USER_IDS),
          function(
                  "ManagePrivacy",
                  "identity",
                  http(
                      "DELETE /v1/profiles/{id}",
                      "GET /v1/erasures/{id}",
                      "GET /v1/profiles/{id}/export",
                      "GET /v1/quarantine",
                      "POST /v1/quarantine/{id}/release",
                      "POST /v1/quarantine/{id}/discard"),
                  on(PEOPLE, GET, BATCH_GET, QUERY, PUT, DELETE),
                  on(HISTORY, GET, BATCH_GET, QUERY, UPDATE, DELETE),
                  on(JOURNEYS, QUERY),
                  on(SENDS, QUERY, BATCH_GET),
                  on(TIMERS, PUT),
                  on(DEFINITIONS, GET, QUERY, PUT, UPDATE),
                  send(ERASURES),
                  send(EVENTS))
              .reading(ERASED_REFUSED_FOR, MOST_USER_IDS),
          function(
                  "AmendIdentity",
                  "identity",
                  http(
                      "POST /v1/profiles/merge",
                      "POST /v1/profiles/{id}/links/{link}/withdraw",
                      "POST /v1/profiles/{id}/links/{link}/allow",
                      "POST /v1/profiles/{id}/identifiers/reset",
                      "POST /v1/profiles/{id}/tags"),
                  on(PEOPLE, GET, BATCH_GET, PUT, CHECK),
                  on(HISTORY, BATCH_GET, QUERY),
                  on(TIMERS, PUT),
                  on(DEFINITIONS, GET, QUERY, UPDATE),
                  send(PROFILE_CHANGES))
              .reading(MOST_USER_IDS),
          function(
              "ManageSegments",
              "segments",
              http(
                  "GET /v1/segments",
                  "PUT /v1/segments/{id}",
                  "GET /v1/segments/{id}",
                  "DELETE /v1/segments/{id}",
                  "POST /v1/segments/{id}/import",
                  "GET /v1/segments/{id}/members",
                  "POST /v1/segments/{id}/members",
                  "GET /v1/tags",
                  "PUT /v1/tags/{id}",
                  "GET /v1/tags/{id}",
                  "DELETE /v1/tags/{id}",
                  "POST /v1/tags/{id}/import",
                  "GET /v1/tags/{id}/members",
                  "POST /v1/tags/{id}/members"),
              on(PEOPLE, BATCH_GET),
              on(DEFINITIONS, GET, BATCH_GET, QUERY, PUT, UPDATE),
              send(BACKFILLS)),
          function(
              "ManageRules",
              "segments",
              http(
                  "GET /v1/lifecycle",
                  "PUT /v1/lifecycle",
                  "GET /v1/traits",
                  "PUT /v1/traits/{id}",
                  "GET /v1/traits/{id}",
                  "DELETE /v1/traits/{id}"),
              on(DEFINITIONS, GET, QUERY, PUT, UPDATE),
              send(BACKFILLS)),
          function(
              "ExamineSegments",
              "segments",
              http(
                  "POST /v1/segments/preview",
                  "GET /v1/segments/{id}/explain",
                  "GET /v1/tags/{id}/explain"),
              on(PEOPLE, SCAN, GET, BATCH_GET),
              on(HISTORY, QUERY),
              on(DEFINITIONS, GET, QUERY, BATCH_GET)),
          function(
              "ManageJourneys",
              "journeys",
              http(
                  "GET /v1/journeys",
                  "PUT /v1/journeys/{id}",
                  "GET /v1/journeys/{id}",
                  "DELETE /v1/journeys/{id}",
                  "POST /v1/journeys/{id}/launch",
                  "POST /v1/journeys/{id}/pause",
                  "POST /v1/journeys/{id}/resume",
                  "POST /v1/journeys/{id}/stop",
                  "GET /v1/journeys/{id}/enrollments"),
              on(DEFINITIONS, GET, QUERY, PUT, UPDATE),
              on(JOURNEYS, QUERY, BATCH_GET)),
          function(
              "ManageContent",
              "delivery",
              http(
                  "GET /v1/content",
                  "PUT /v1/content/{id}",
                  "GET /v1/content/{id}",
                  "DELETE /v1/content/{id}",
                  "POST /v1/content/{id}/render"),
              on(DEFINITIONS, GET, QUERY, PUT, UPDATE),
              on(PEOPLE, GET)),
          function(
              "Respond",
              "delivery",
              http(
                  "GET /u/{token}",
                  "POST /u/{token}",
                  "GET /p/{token}",
                  "POST /p/{token}",
                  "GET /r/{token}",
                  "GET /o/{token}"),
              on(PEOPLE, GET, BATCH_GET, PUT),
              on(SENDS, GET, UPDATE),
              on(TIMERS, PUT),
              on(DEFINITIONS, GET, UPDATE),
              send(PROFILE_CHANGES),
              send(EVENTS)),
          function(
              "ManageWebhooks",
              "delivery",
              http(
                  "GET /v1/webhooks",
                  "PUT /v1/webhooks/{id}",
                  "GET /v1/webhooks/{id}",
                  "DELETE /v1/webhooks/{id}",
                  "GET /v1/webhooks/{id}/secrets",
                  "POST /v1/webhooks/{id}/rotate"),
              on(DEFINITIONS, GET, QUERY, PUT, UPDATE)),
          function(
              "ManageSending",
              "delivery",
              http(
                  "GET /v1/sending",
                  "POST /v1/sending/pause",
                  "POST /v1/sending/resume",
                  "POST /v1/sending/fence",
                  "GET /v1/settings",
                  "PUT /v1/settings",
                  "GET /v1/profiles/{id}/consent",
                  "POST /v1/profiles/{id}/consent",
                  "GET /v1/profiles/{id}/decisions",
                  "GET /v1/profiles/{id}/why",
                  "GET /v1/sends/{id}"),
              on(DEFINITIONS, GET, PUT, UPDATE),
              on(PEOPLE, GET, BATCH_GET, QUERY, PUT),
              on(SENDS, GET, QUERY, BATCH_GET),
              send(PROFILE_CHANGES)),
          function(
              "ManageSuppressions",
              "delivery",
              http(
                  "GET /v1/suppressions",
                  "POST /v1/suppressions",
                  "POST /v1/suppressions/lift",
                  "POST /v1/suppressions/import"),
              on(DEFINITIONS, GET),
              on(PEOPLE, GET, BATCH_GET, QUERY, PUT, DELETE),
              send(PROFILE_CHANGES)));

  private Topology() {}

  /** All functions, in the order in which an event meets them, then those that marketers call. */
  public static List<Function> functions() {
    return FUNCTIONS;
  }

  private static Function function(
      String name, String module, Stream<? extends Trigger> triggers, Grant... grants) {
    List<Trigger> all = triggers.<Trigger>map(trigger -> trigger).toList();
    return new Function(name, module, 1024, timeout(all), all, List.of(grants), Set.of());
  }

  private static Duration timeout(List<Trigger> triggers) {
    return triggers.stream()
        .map(
            trigger ->
                switch (trigger) {
                  case Trigger.Http _ -> HTTP_TIMEOUT;
                  case Trigger.Sqs sqs -> sqs.queue().functionTimeout();
                  case Trigger.Schedule schedule -> schedule.every();
                })
        .max(Duration::compareTo)
        .orElseThrow();
  }

  private static Stream<Trigger> http(String... routeKeys) {
    return Arrays.stream(routeKeys)
        .map(key -> key.split(" ", 2))
        .map(key -> new Trigger.Http(key[0], key[1]));
  }

  private static Stream<Trigger> sqs(Queue queue, int concurrency) {
    return sqs(queue, 10, concurrency);
  }

  private static Stream<Trigger> sqs(Queue queue, int batchSize, int concurrency) {
    return Stream.of(new Trigger.Sqs(queue, batchSize, concurrency));
  }

  private static Grant on(Table table, TableAction first, TableAction... more) {
    return Grant.OnTable.of(table, first, more);
  }

  private static Grant send(Queue queue) {
    return new Grant.OnQueue(queue);
  }

  private static Grant provider(Grant.Provider provider) {
    return new Grant.OnProvider(provider);
  }
}
