package dev.perennial.functions.delivery;

import dev.perennial.domain.Digest;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.Links;
import dev.perennial.domain.delivery.Recipient;
import dev.perennial.domain.delivery.Rendition;
import dev.perennial.domain.identity.PersonId;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Links below the platform's own address: {@code /u/} ends, {@code /p/} shows or confirms
 * preferences, {@code /r/} leads to a web page, {@code /o/} is the image that tells of opening.
 */
final class SignedLinks implements Links {

  /** Web links in HTML attributes, in either quotes; a tag ends where another begins. */
  private static final Pattern WEB_LINK =
      Pattern.compile(
          "(<a\\b[^<>]*?\\bhref\\s*=\\s*)([\"'])(https?://[^\"'\\s]+)\\2",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern END_OF_BODY =
      Pattern.compile("</body\\s*>", Pattern.CASE_INSENSITIVE);

  private final LinkTokens tokens;
  private final String base;

  /**
   * @param base where the platform answers, without a slash at its end
   */
  SignedLinks(LinkTokens tokens, String base) {
    this.tokens = tokens;
    this.base = base;
  }

  @Override
  public Map<Kind, String> of(Recipient recipient) {
    Map<Kind, String> links = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      String path = kind == Kind.UNSUBSCRIBE ? "/u/" : "/p/";
      links.put(kind, base + path + token(kind, recipient));
    }
    return links;
  }

  private String token(Kind kind, Recipient recipient) {
    return tokens.sign(
        kind.name(),
        recipient.send(),
        recipient.person().value(),
        recipient.address().value(),
        recipient.channel().name(),
        recipient.topic().replace('\n', ' '));
  }

  /** Who answers by a link of that kind; empty when nobody here signed it. */
  static Optional<Recipient> recipient(Kind kind, List<String> parts) {
    return parts.size() == 6 && parts.getFirst().equals(kind.name())
        ? Optional.of(
            new Recipient(
                parts.get(1),
                new PersonId(parts.get(2)),
                new PersonId(parts.get(3)),
                Channel.valueOf(parts.get(4)),
                parts.get(5)))
        : Optional.empty();
  }

  @Override
  public Rendition tracked(String send, Rendition rendition) {
    return switch (rendition) {
      case Rendition.Email(String subject, String html, String text) when html != null ->
          new Rendition.Email(subject, tracked(send, html), text);
      case Rendition.Email email -> email;
      case Rendition.Sms sms -> sms;
      case Rendition.Push push -> push;
    };
  }

  private String tracked(String send, String html) {
    String led =
        WEB_LINK
            .matcher(html)
            .replaceAll(
                link ->
                    Matcher.quoteReplacement(
                        link.group(1) + link.group(2) + led(send, link.group(3)) + link.group(2)));
    String image =
        "<img src=\""
            + base
            + "/o/"
            + tokens.sign("OPEN", send)
            + ".gif\" width=\"1\" height=\"1\" alt=\"\">";
    return END_OF_BODY
        .matcher(led)
        .replaceFirst(end -> Matcher.quoteReplacement(image + end.group()));
  }

  /**
   * Our own links are led nowhere: they must work with as little in between as can be; and one that
   * is too long to be led stays as it is.
   */
  private String led(String send, String url) {
    String token = tokens.sign("CLICK", send, url.replace("&amp;", "&"));
    return url.startsWith(base + "/") || token.length() > LinkTokens.LONGEST
        ? url
        : base + "/r/" + token;
  }

  /** Where a link leads, and from which message. */
  record Click(String send, String url) {
    /** Tells the links of a message apart. */
    String link() {
      return Digest.of(url);
    }
  }

  static Optional<Click> click(List<String> parts) {
    return parts.size() == 3 && parts.getFirst().equals("CLICK")
        ? Optional.of(new Click(parts.get(1), parts.get(2)))
        : Optional.empty();
  }

  /** Id of the send whose image it is. */
  static @Nullable String opening(List<String> parts) {
    return parts.size() == 2 && parts.getFirst().equals("OPEN") ? parts.get(1) : null;
  }
}
