package dev.perennial.domain.webhook;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where webhooks may post to: public addresses, so that nobody reaches through us what only we can
 * reach.
 *
 * @param anywhere whether any address and plain HTTP is good, as on a laptop
 * @see <a
 *     href="https://www.iana.org/assignments/iana-ipv4-special-registry/iana-ipv4-special-registry.xhtml">IANA
 *     special-purpose addresses</a>
 */
public record Targets(boolean anywhere) {

  /** First bytes of IPv4 addresses that are not public: address and length of the prefix. */
  private static final List<int[]> RESERVED =
      List.of(
          block(0, 0, 0, 8),
          block(10, 0, 0, 8),
          block(100, 64, 0, 10),
          block(127, 0, 0, 8),
          block(169, 254, 0, 16),
          block(172, 16, 0, 12),
          block(192, 0, 0, 24),
          block(192, 0, 2, 24),
          block(192, 88, 99, 24),
          block(192, 168, 0, 16),
          block(198, 18, 0, 15),
          block(198, 51, 100, 24),
          block(203, 0, 113, 24),
          block(224, 0, 0, 3));

  private static final Pattern LOCAL_NAME =
      Pattern.compile("localhost|.*\\.(localhost|local|internal|home\\.arpa)|[^.]+");

  /** Whatever a browser would read as an address. */
  private static final Pattern NUMBERS = Pattern.compile("\\[.*]|(.*\\.)?([0-9]+|0x[0-9a-f]*)");

  private static int[] block(int first, int second, int third, int prefix) {
    return new int[] {first << 24 | second << 16 | third << 8, prefix};
  }

  /** What is wrong with the URL, as far as it tells; empty when nothing is. */
  public Optional<String> problem(URI url) {
    String host = url.getHost();
    if (host == null || url.getRawUserInfo() != null || url.getRawFragment() != null) {
      return Optional.of("must be a URL with a host and without user or fragment");
    }
    if (anywhere) {
      return "http".equals(url.getScheme()) || "https".equals(url.getScheme())
          ? Optional.empty()
          : Optional.of("must begin with http: or https:");
    }
    String name = host.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
    if (!"https".equals(url.getScheme())) {
      return Optional.of("must begin with https:");
    }
    return LOCAL_NAME.matcher(name).matches() || NUMBERS.matcher(name).matches()
        ? Optional.of("must name a public host, not an address or a local name")
        : Optional.empty();
  }

  /** Whether something may be posted to that address. */
  public boolean allows(InetAddress address) {
    return anywhere || isPublic(address);
  }

  private static boolean isPublic(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (address instanceof Inet4Address) {
      int number =
          (bytes[0] & 0xff) << 24
              | (bytes[1] & 0xff) << 16
              | (bytes[2] & 0xff) << 8
              | (bytes[3] & 0xff);
      return RESERVED.stream()
          .noneMatch(block -> (number ^ block[0]) >>> (Integer.SIZE - block[1]) == 0);
    }
    int first = (bytes[0] & 0xff) << 8 | (bytes[1] & 0xff);
    int second = (bytes[2] & 0xff) << 8 | (bytes[3] & 0xff);
    boolean global = first >>> 13 == 1;
    boolean tunnel = first == 0x2002 || (first == 0x2001 && second < 0x200);
    boolean documentation = (first == 0x2001 && second == 0xdb8) || first == 0x3fff;
    return global && !tunnel && !documentation;
  }
}
