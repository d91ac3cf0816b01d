package dev.perennial.functions.segments;

import dev.perennial.domain.Publisher;
import dev.perennial.domain.journey.Trigger;
import dev.perennial.domain.webhook.Webhook;
import dev.perennial.domain.webhook.WebhookCall;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/** Tells journeys of all that may start or move them, and webhooks of what they asked for. */
final class TellTransitions implements Publisher<Trigger> {

  private final Publisher<Trigger> triggers;
  private final Publisher<WebhookCall> calls;
  private final Supplier<List<Webhook>> webhooks;

  TellTransitions(
      Publisher<Trigger> triggers, Publisher<WebhookCall> calls, Supplier<List<Webhook>> webhooks) {
    this.triggers = triggers;
    this.calls = calls;
    this.webhooks = webhooks;
  }

  @Override
  public void publish(Collection<? extends Trigger> news) {
    triggers.publish(news);
    List<WebhookCall> asked = new ArrayList<>();
    for (Trigger trigger : news) {
      if (trigger instanceof Trigger.OfTransition(var transition)) {
        webhooks.get().stream()
            .filter(webhook -> webhook.wants(transition))
            .forEach(webhook -> asked.add(new WebhookCall(webhook.id(), transition)));
      }
    }
    if (!asked.isEmpty()) {
      calls.publish(asked);
    }
  }
}
