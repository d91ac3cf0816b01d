package dev.perennial.functions.delivery;

import dev.perennial.domain.consent.Consent;
import dev.perennial.domain.delivery.Channel;
import java.util.Map;

/** The pages that people see: without a script, readable on a phone. */
final class PreferencePages {

  private PreferencePages() {}

  static String invalid() {
    return page("This link is not valid", "<p>It may have been cut off. Try the whole link.</p>");
  }

  /** Asks, because looking at a page must change nothing. */
  static String unsubscribe(Channel channel, String topic) {
    return page(
        "Unsubscribe?",
        "<p>You will get no more "
            + escaped(topic)
            + " by "
            + words(channel)
            + ".</p><form method=\"post\"><button>Unsubscribe</button></form>");
  }

  static String unsubscribed(Channel channel, String topic, String preferences) {
    return page(
        "You are unsubscribed",
        "<p>You will get no more "
            + escaped(topic)
            + " by "
            + words(channel)
            + ".</p><p><a href=\""
            + escaped(preferences)
            + "\">All preferences</a></p>");
  }

  static String confirm(Channel channel) {
    return page(
        "Confirm",
        "<p>Yes, send me news by "
            + words(channel)
            + ".</p><form method=\"post\"><button>Confirm</button></form>");
  }

  static String confirmed(Channel channel) {
    return page("Confirmed", "<p>You will get news by " + words(channel) + ".</p>");
  }

  /**
   * What somebody gets, to be changed.
   *
   * @param topics whether each is allowed
   * @param saved whether a change was just stored
   */
  static String preferences(Channel channel, Map<String, Boolean> topics, boolean saved) {
    StringBuilder form = new StringBuilder();
    if (saved) {
      form.append("<p role=\"status\"><strong>Saved.</strong></p>");
    }
    form.append("<form method=\"post\"><p>What may we send you by ")
        .append(words(channel))
        .append("?</p>");
    topics.forEach(
        (topic, allowed) ->
            form.append("<input type=\"hidden\" name=\"shown\" value=\"")
                .append(escaped(topic))
                .append("\"><label><input type=\"checkbox\" name=\"on\" value=\"")
                .append(escaped(topic))
                .append(allowed ? "\" checked> " : "\"> ")
                .append(escaped(topic.equals(Consent.ALL) ? "everything else" : topic))
                .append("</label>"));
    form.append(
        "<button>Save</button> <button name=\"none\" value=\"yes\">Nothing at all</button>");
    return page("Your preferences", form.append("</form>").toString());
  }

  private static String page(String title, String body) {
    return """
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8"><title>%1$s</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <style>body{font:1.125rem/1.5 system-ui,sans-serif;margin:2rem auto;max-width:32rem;padding:0 1rem}
    label{display:block;padding:.5rem 0}button{font:inherit;padding:.6rem 1.2rem;margin-top:1rem}</style>
    </head><body><main><h1>%1$s</h1>%2$s</main></body></html>
    """
        .formatted(title, body);
  }

  private static String words(Channel channel) {
    return switch (channel) {
      case EMAIL -> "email";
      case SMS -> "text message";
      case PUSH -> "notification";
    };
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
