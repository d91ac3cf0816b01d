package dev.perennial.functions.segments;

import dev.perennial.domain.Publisher;
import dev.perennial.domain.journey.Trigger;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.webhook.Webhook;
import dev.perennial.domain.webhook.WebhookCall;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * Tells journeys of all that may start or move them, and webhooks of what they asked for. What no
 * event brought about may be a crowd's, and waits where no event does.
 *
 * @param webhooks who is told
 */
record TellTransitions(
    Publisher<Trigger> triggers,
    Publisher<Trigger> crowdTriggers,
    Publisher<WebhookCall> calls,
    Publisher<WebhookCall> crowdCalls,
    Supplier<List<Webhook>> webhooks)
    implements Publisher<Trigger> {

  @Override
  public void publish(Collection<? extends Trigger> news) {
    List<Trigger> live = new ArrayList<>();
    List<Trigger> crowd = new ArrayList<>();
    news.forEach(trigger -> (isLive(trigger) ? live : crowd).add(trigger));
    publish(live, triggers);
    publish(crowd, crowdTriggers);
    publish(asked(live), calls);
    publish(asked(crowd), crowdCalls);
  }

  private List<WebhookCall> asked(List<Trigger> news) {
    List<WebhookCall> asked = new ArrayList<>();
    for (Trigger trigger : news) {
      if (trigger instanceof Trigger.OfTransition(var transition)) {
        webhooks.get().stream()
            .filter(webhook -> webhook.wants(transition))
            .forEach(webhook -> asked.add(new WebhookCall(webhook.id(), transition)));
      }
    }
    return asked;
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
