package dev.perennial.aws.channels;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.perennial.domain.webhook.Targets;
import dev.perennial.domain.webhook.WebhookSender;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Posts over HTTP/1.1 to the very address that was looked up and found public: a client that looks
 * it up again could be led elsewhere meanwhile. Of the answer only the status is read.
 */
public final class SocketWebhookSender implements WebhookSender {

  /** How long a receiver may take to answer: it has only to take note. */
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  private static final int LONGEST_STATUS = 1024;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})(?: .*)?");

  private final Targets targets;
  private final Duration deadline;

  /** Posts where the targets allow it. */
  public SocketWebhookSender(Targets targets) {
    this(targets, DEADLINE);
  }

  SocketWebhookSender(Targets targets, Duration deadline) {
    this.targets = targets;
    this.deadline = deadline;
  }

  @Override
  public Answer post(URI url, Map<String, String> headers, byte[] body) {
    var problem = targets.problem(url);
    if (problem.isPresent()) {
      return new Answer.Forbidden(problem.get());
    }
    boolean secure = url.getScheme().equals("https");
    int port = url.getPort() > 0 ? url.getPort() : secure ? 443 : 80;
    try {
      InetAddress[] addresses = InetAddress.getAllByName(url.getHost());
      for (InetAddress address : addresses) {
        if (!targets.allows(address)) {
          return new Answer.Forbidden("the host has an address that is not public");
        }
      }
      return exchange(
          new InetSocketAddress(addresses[0], port), secure, url, request(url, headers, body));
    } catch (UnknownHostException e) {
      return new Answer.Failed("the host is not known");
    } catch (IOException e) {
      return new Answer.Failed(e.getClass().getSimpleName());
    }
  }

  private Answer exchange(InetSocketAddress address, boolean secure, URI url, byte[] request)
      throws IOException {
    try (Socket plain = new Socket()) {
      // Whoever answers a byte at a time would keep a time-out on reads from ever running out.
      Thread watch = Thread.startVirtualThread(() -> closeLate(plain));
      try {
        plain.connect(address, (int) deadline.toMillis());
        Socket socket = secure ? secured(plain, url.getHost(), address.getPort()) : plain;
        OutputStream out = socket.getOutputStream();
        out.write(request);
        out.flush();
        return status(socket.getInputStream());
      } finally {
        watch.interrupt();
      }
    }
  }

  private void closeLate(Socket socket) {
    try {
      Thread.sleep(deadline);
      socket.close();
    } catch (InterruptedException | IOException e) {
      // It is over, one way or the other.
      Thread.currentThread().interrupt();
    }
  }

  private static Socket secured(Socket plain, String host, int port) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            ((SSLSocketFactory) SSLSocketFactory.getDefault())
                .createSocket(plain, host, port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private static byte[] request(URI url, Map<String, String> headers, byte[] body) {
    String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    StringBuilder head = new StringBuilder();
    head.append("POST ").append(path);
    if (url.getRawQuery() != null) {
      head.append('?').append(url.getRawQuery());
    }
    head.append(" HTTP/1.1\r\nHost: ").append(url.getHost());
    if (url.getPort() > 0) {
      head.append(':').append(url.getPort());
    }
    head.append("\r\nUser-Agent: Perennial\r\nConnection: close\r\n")
        .append("Content-Type: application/json\r\nContent-Length: ")
        .append(body.length)
        .append("\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    byte[] top = head.append("\r\n").toString().getBytes(ISO_8859_1);
    byte[] request = new byte[top.length + body.length];
    System.arraycopy(top, 0, request, 0, top.length);
    System.arraycopy(body, 0, request, top.length, body.length);
    return request;
  }

  private static Answer status(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      if (line.length() == LONGEST_STATUS) {
        return new Answer.Failed("no HTTP");
      }
      line.append((char) next);
    }
    Matcher status = STATUS.matcher(line.toString().strip());
    return status.matches()
        ? new Answer.Answered(Integer.parseInt(status.group(1)))
        : new Answer.Failed("no HTTP");
  }
}
