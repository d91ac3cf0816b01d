package dev.perennial.domain.delivery;

import dev.perennial.domain.value.Value.Fields;
import org.jspecify.annotations.Nullable;

/** Content in the form of one channel: a template, or rendered for one person. */
public sealed interface Rendition {

  Channel channel();

  /**
   * An email with at least one of the two bodies.
   *
   * @param html null for a plain message
   * @param text null when there is only HTML
   */
  record Email(String subject, @Nullable String html, @Nullable String text) implements Rendition {
    public Email {
      if (html == null && text == null) {
        throw new IllegalArgumentException("an email has html, text or both");
      }
    }

    @Override
    public Channel channel() {
      return Channel.EMAIL;
    }
  }

  /** A text message. */
  record Sms(String body) implements Rendition {
    @Override
    public Channel channel() {
      return Channel.SMS;
    }
  }

  /**
   * A notification on a device.
   *
   * @param url what a tap opens; null for the app itself
   * @param collapseKey of notifications that replace each other on the device; null for none. Baidu
   *     knows no such thing
   * @param data for the app, texts by name; never a template
   */
  record Push(
      String title, String body, @Nullable String url, @Nullable String collapseKey, Fields data)
      implements Rendition {
    @Override
    public Channel channel() {
      return Channel.PUSH;
    }
  }
}
