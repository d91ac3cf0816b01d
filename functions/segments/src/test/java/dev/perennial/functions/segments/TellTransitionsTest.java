package dev.perennial.functions.segments;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.journey.Journey.Edge;
import dev.perennial.domain.journey.Trigger;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Transition;
import dev.perennial.domain.webhook.Webhook;
import dev.perennial.domain.webhook.WebhookCall;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class TellTransitionsTest {

  private static final URI URL = URI.create("https://example.com/");
  private static final SegmentId QUIET = new SegmentId("quiet");

  private final List<Trigger> triggers = new ArrayList<>();
  private final List<Trigger> crowds = new ArrayList<>();
  private final List<WebhookCall> calls = new ArrayList<>();
  private final List<WebhookCall> crowdCalls = new ArrayList<>();
  private final TellTransitions tell =
      new TellTransitions(
          triggers::addAll,
          crowds::addAll,
          calls::addAll,
          crowdCalls::addAll,
          () ->
              List.of(
                  new Webhook("a", URL, Set.of(QUIET), Set.of(Edge.ENTERED), List.of()),
                  new Webhook(
                      "b",
                      URL,
                      Set.of(QUIET, SegmentId.ofTag("vip")),
                      Set.of(Edge.values()),
                      List.of())));

  @Test
  void journeysHearAllAndWebhooksWhatTheyAskedFor() {
    Transition enters = transition(QUIET, 1);
    Transition leaves = transition(QUIET, 2);
    Transition tagged = transition(SegmentId.ofTag("vip"), 1);
    Transition other = transition(new SegmentId("vip"), 1);

    tell.publish(
        List.of(enters, leaves, tagged, other).stream().map(Trigger.OfTransition::new).toList());

    assertThat(triggers).hasSize(4);
    assertThat(calls)
        .containsExactlyInAnyOrder(
            new WebhookCall("a", enters),
            new WebhookCall("b", enters),
            new WebhookCall("b", leaves),
            new WebhookCall("b", tagged));
    assertThat(calls).extracting(WebhookCall::id).doesNotHaveDuplicates();
  }

  @Test
  void whatNoEventBroughtAboutWaitsWhereNoEventDoes() {
    List<Trigger> made =
        Stream.of(Cause.values())
            .<Trigger>map(cause -> new Trigger.OfTransition(transition(QUIET, 1, cause)))
            .toList();

    tell.publish(made);

    assertThat(triggers)
        .containsExactly(new Trigger.OfTransition(transition(QUIET, 1, Cause.EVENT)));
    assertThat(crowds).hasSize(made.size() - 1).doesNotContainAnyElementsOf(triggers);
    assertThat(calls).hasSize(2).allMatch(call -> call.transition().cause() == Cause.EVENT);
    assertThat(crowdCalls)
        .hasSize(2 * (made.size() - 1))
        .noneMatch(call -> call.transition().cause() == Cause.EVENT);
  }

  private static Transition transition(SegmentId segment, long number) {
    return transition(segment, number, Cause.EVENT);
  }

  private static Transition transition(SegmentId segment, long number, Cause cause) {
    return new Transition(new PersonId("ann"), segment, number, Instant.EPOCH, cause);
  }
}
