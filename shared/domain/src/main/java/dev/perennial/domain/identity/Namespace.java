package dev.perennial.domain.identity;

import java.util.Comparator;

/**
 * The kind of an identifier: {@code userId}, {@code anonymousId}, {@code email}, {@code phone},
 * {@code deviceId}, {@code wechat:<appId>} (an OpenID of that app), {@code wechatUnion}, {@code
 * wecom}, or the name of an external id.
 */
public record Namespace(String name) implements Comparable<Namespace> {

  public static final Namespace USER_ID = new Namespace("userId");
  public static final Namespace WECOM = new Namespace("wecom");
  public static final Namespace WECHAT_UNION = new Namespace("wechatUnion");
  public static final Namespace EMAIL = new Namespace("email");
  public static final Namespace PHONE = new Namespace("phone");
  public static final Namespace DEVICE_ID = new Namespace("deviceId");
  public static final Namespace ANONYMOUS_ID = new Namespace("anonymousId");

  static final String WECHAT_PREFIX = "wechat:";
  private static final Comparator<Namespace> BY_STRENGTH =
      Comparator.comparingInt(Namespace::rank).thenComparing(Namespace::name);

  /** The OpenIDs of one WeChat app. */
  public static Namespace wechat(String appId) {
    return new Namespace(WECHAT_PREFIX + appId);
  }

  /** Strength as owner of an event: 0 is the strongest. */
  private int rank() {
    return switch (name) {
      case "userId" -> 0;
      case "wecom" -> 1;
      case "wechatUnion" -> 2;
      case "email" -> 3;
      case "phone" -> 4;
      case "deviceId" -> 7;
      case "anonymousId" -> 8;
      default -> name.startsWith(WECHAT_PREFIX) ? 5 : 6;
    };
  }

  /** Strongest first, then by name. */
  @Override
  public int compareTo(Namespace other) {
    return BY_STRENGTH.compare(this, other);
  }

  @Override
  public String toString() {
    return name;
  }
}
