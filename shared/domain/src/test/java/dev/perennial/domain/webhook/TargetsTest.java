package dev.perennial.domain.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TargetsTest {

  private static final Targets PUBLIC = new Targets(false);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.com",
        "https://hooks.example.com:8443/in?token=a%20b",
        "https://cafe1.de/",
        "https://1.example.com/"
      })
  void publicHostsAreGood(String url) {
    assertThat(PUBLIC.problem(URI.create(url))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.com",
        "ftp://example.com",
        "https:example.com",
        "https:///in",
        "https://user@example.com",
        "https://example.com/#top",
        "https://localhost/",
        "https://LOCALHOST./",
        "https://a.localhost/",
        "https://db/",
        "https://metadata.google.internal/",
        "https://printer.local/",
        "https://127.0.0.1/",
        "https://93.184.216.34/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.1/",
        "https://[::1]/",
        "https://[2606:2800:220:1::1]/"
      })
  void othersAreRefused(String url) {
    assertThat(PUBLIC.problem(URI.create(url))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"93.184.216.34", "1.1.1.1", "172.32.0.1", "2606:2800:220:1::1"})
  void publicAddressesAreAllowed(String address) throws UnknownHostException {
    assertThat(PUBLIC.allows(InetAddress.getByName(address))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "fe80::1",
        "fd00:ec2::254",
        "64:ff9b::a00:1",
        "2002:a00:1::",
        "2001:0:a00:1::",
        "2001:db8::1",
        "ff02::1"
      })
  void addressesBehindUsAreNot(String address) throws UnknownHostException {
    assertThat(PUBLIC.allows(InetAddress.getByName(address))).isFalse();
    assertThat(new Targets(true).allows(InetAddress.getByName(address))).isTrue();
  }
}
