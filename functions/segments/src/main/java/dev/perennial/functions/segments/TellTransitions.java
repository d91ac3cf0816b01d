package dev.perennial.functions.segments;

import dev.perennial.domain.Publisher;
import dev.perennial.domain.journey.Trigger;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.webhook.Webhook;
import dev.perennial.domain.webhook.WebhookCall;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Tells journeys of all that may start or move them, and webhooks of what they asked for. What no
 * event brought about may be a crowd's, and waits where no event does.
 */
final class TellTransitions implements Publisher<Trigger> {

  private final Publisher<Trigger> triggers;
  private final Publisher<Trigger> crowds;
  private final Publisher<WebhookCall> calls;
  private final Supplier<List<Webhook>> webhooks;

  TellTransitions(
      Publisher<Trigger> triggers,
      Publisher<Trigger> crowds,
      Publisher<WebhookCall> calls,
      Supplier<List<Webhook>> webhooks) {
    this.triggers = triggers;
    this.crowds = crowds;
    this.calls = calls;
    this.webhooks = webhooks;
  }

  @Override
  public void publish(Collection<? extends Trigger> news) {
    Map<Boolean, List<Trigger>> live =
        news.stream().collect(Collectors.partitioningBy(TellTransitions::isLive));
    publish(live.getOrDefault(true, List.of()), triggers);
    publish(live.getOrDefault(false, List.of()), crowds);
    List<WebhookCall> asked = new ArrayList<>();
    for (Trigger trigger : news) {
      if (trigger instanceof Trigger.OfTransition(var transition)) {
        webhooks.get().stream()
            .filter(webhook -> webhook.wants(transition))
            .forEach(webhook -> asked.add(new WebhookCall(webhook.id(), transition)));
      }
    }
    publish(asked, calls);
  }

  private static boolean isLive(Trigger trigger) {
    return switch (trigger) {
      case Trigger.OfTransition(var transition) -> transition.cause() == Cause.EVENT;
      case Trigger.OfEvent _ -> true;
    };
  }

  private static <T> void publish(List<T> news, Publisher<T> publisher) {
    if (!news.isEmpty()) {
      publisher.publish(news);
    }
  }
}
