package dev.perennial.local.providers;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An email as RFC 5322 and MIME write it, decoded as far as an inbox shows it: headers, and the
 * first HTML and plain text.
 *
 * @param headers by name in any case; of a repeated header the last
 */
record MimeMessage(Map<String, String> headers, @Nullable String html, @Nullable String text) {

  private static final Pattern ENCODED_WORD =
      Pattern.compile("=\\?([^?*]+)(?:\\*[^?]*)?\\?([bBqQ])\\?([^?]*)\\?=(?:\\s+(?==\\?))?");
  private static final Pattern PARAMETER =
      Pattern.compile(";\\s*([A-Za-z-]+)\\s*=\\s*(?:\"([^\"]*)\"|([^;\\s]+))");

  /** Reads a message; what is malformed is shown as it stands. */
  static MimeMessage parse(byte[] message) {
    // One char per byte keeps every byte intact until its charset is known.
    return parse(new String(message, StandardCharsets.ISO_8859_1).replace("\r\n", "\n"));
  }

  private static MimeMessage parse(String part) {
    int blank = part.startsWith("\n") ? 0 : part.indexOf("\n\n") + 1;
    boolean bodiless = blank == 0 && !part.startsWith("\n");
    Map<String, String> headers = headers(bodiless ? part : part.substring(0, blank));
    String content = bodiless ? "" : part.substring(blank + 1);
    String type = headers.getOrDefault("Content-Type", "text/plain");
    String kind = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (kind.startsWith("multipart/")) {
      return multipart(headers, content, parameter(type, "boundary"));
    }
    if (!kind.equals("text/html") && !kind.equals("text/plain")) {
      return new MimeMessage(headers, null, null);
    }
    String encoding = headers.getOrDefault("Content-Transfer-Encoding", "7bit");
    String decoded = new String(decode(content, encoding), charset(parameter(type, "charset")));
    return kind.equals("text/html")
        ? new MimeMessage(headers, decoded, null)
        : new MimeMessage(headers, null, decoded);
  }

  private static MimeMessage multipart(
      Map<String, String> headers, String content, @Nullable String boundary) {
    String html = null;
    String text = null;
    String[] parts =
        boundary == null
            ? new String[0]
            : ("\n" + content).split("\n--" + Pattern.quote(boundary), -1);
    for (int i = 1; i < parts.length && !parts[i].startsWith("--"); i++) {
      int start = parts[i].indexOf('\n') + 1; // the boundary's line may end in blanks
      MimeMessage part = parse(parts[i].substring(start));
      html = html == null ? part.html() : html;
      text = text == null ? part.text() : text;
    }
    return new MimeMessage(headers, html, text);
  }

  private static Map<String, String> headers(String block) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line : block.replaceAll("\n[ \t]+", " ").split("\n", -1)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(line.substring(0, colon).strip(), words(line.substring(colon + 1).strip()));
      }
    }
    return headers;
  }

  /** Decodes RFC 2047's encoded words; other bytes are UTF-8, as RFC 6532 says. */
  private static String words(String value) {
    String unicode =
        new String(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    return ENCODED_WORD
        .matcher(unicode)
        .replaceAll(
            word -> {
              boolean base64 = word.group(2).equalsIgnoreCase("b");
              byte[] bytes =
                  base64
                      ? decode(word.group(3), "base64")
                      : decode(word.group(3).replace('_', ' '), "quoted-printable");
              return Matcher.quoteReplacement(new String(bytes, charset(word.group(1))));
            });
  }

  private static byte[] decode(String content, String encoding) {
    return switch (encoding.strip().toLowerCase(Locale.ROOT)) {
      case "base64" -> Base64.getMimeDecoder().decode(content);
      case "quoted-printable" -> quotedPrintable(content);
      default -> content.getBytes(StandardCharsets.ISO_8859_1);
    };
  }

  private static byte[] quotedPrintable(String content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < content.length(); i++) {
      char c = content.charAt(i);
      if (c != '=') {
        out.write(c);
      } else if (content.startsWith("\n", i + 1)) {
        i++; // a soft line break
      } else if (i + 2 < content.length()
          && Character.digit(content.charAt(i + 1), 16) >= 0
          && Character.digit(content.charAt(i + 2), 16) >= 0) {
        out.write(Integer.parseInt(content, i + 1, i + 3, 16));
        i += 2;
      } else {
        out.write(c);
      }
    }
    return out.toByteArray();
  }

  private static Charset charset(@Nullable String name) {
    try {
      return name == null ? StandardCharsets.UTF_8 : Charset.forName(name);
    } catch (IllegalArgumentException _) {
      return StandardCharsets.UTF_8;
    }
  }

  private static @Nullable String parameter(String header, String name) {
    Matcher matcher = PARAMETER.matcher(header);
    while (matcher.find()) {
      if (matcher.group(1).equalsIgnoreCase(name)) {
        return matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
      }
    }
    return null;
  }
}
