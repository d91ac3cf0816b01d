package dev.perennial.local.aws;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Connections to one server of this machine over HTTP/1.1, each used by one call at a time and then
 * kept. The JDK's own client hands each call to threads of its own and back, which costs more than
 * all the rest of a call. Safe for use by many threads.
 */
final class KeptConnections implements AutoCloseable {

  /** Servers close what is idle for 30 s and longer. */
  private static final long KEPT_NANOS = 10_000_000_000L;

  private final URI server;
  private final String head;
  private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  KeptConnections(URI server) {
    this.server = server;
    this.head = "POST / HTTP/1.1\r\nHost: " + server.getAuthority() + "\r\n";
  }

  /**
   * What a server said.
   *
   * @param headers by name, whatever its case
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Answer(int status, Map<String, String> headers, byte[] body) {}

  /**
   * Posts to the server's root.
   *
   * @throws IOException when the server does not answer; it may have done what was asked
   */
  Answer post(Map<String, String> headers, byte[] body) throws IOException {
    Connection connection = take();
    boolean kept = false;
    try {
      connection.write(headers, body);
      Answer answer = connection.read();
      kept = !closed && !"close".equalsIgnoreCase(answer.headers().get("Connection"));
      return answer;
    } finally {
      if (kept) {
        connection.idleSince = System.nanoTime();
        idle.push(connection);
      } else {
        drop(connection);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    open.forEach(this::drop);
  }

  private Connection take() throws IOException {
    for (Connection known = idle.poll(); known != null; known = idle.poll()) {
      if (System.nanoTime() - known.idleSince < KEPT_NANOS) {
        return known;
      }
      drop(known);
    }
    Connection fresh =
        new Connection(new Socket(InetAddress.getLoopbackAddress(), server.getPort()));
    open.add(fresh);
    if (closed) {
      drop(fresh);
      throw new IOException("closed");
    }
    return fresh;
  }

  private void drop(Connection connection) {
    open.remove(connection);
    try {
      connection.socket.close();
    } catch (IOException _) {
      // it is of no use any more
    }
  }

  private final class Connection {

    private final Socket socket;
    private final InputStream in;
    private long idleSince;

    Connection(Socket socket) throws IOException {
      this.socket = socket;
      socket.setTcpNoDelay(true);
      this.in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
    }

    void write(Map<String, String> headers, byte[] body) throws IOException {
      StringBuilder lines = new StringBuilder(head);
      headers.forEach(
          (name, value) -> lines.append(name).append(": ").append(value).append("\r\n"));
      lines.append("Content-Length: ").append(body.length).append("\r\n\r\n");
      byte[] before = lines.toString().getBytes(StandardCharsets.ISO_8859_1);
      byte[] request = new byte[before.length + body.length];
      System.arraycopy(before, 0, request, 0, before.length);
      System.arraycopy(body, 0, request, before.length, body.length);
      socket.getOutputStream().write(request);
    }

    Answer read() throws IOException {
      String[] status = line().split(" ", 3);
      if (status.length < 2 || !status[0].startsWith("HTTP/1.")) {
        throw new ProtocolException("no HTTP answer");
      }
      Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      for (String line = line(); !line.isEmpty(); line = line()) {
        int colon = line.indexOf(':');
        headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
      }
      boolean chunked = "chunked".equalsIgnoreCase(headers.get("Transfer-Encoding"));
      int length = Integer.parseInt(headers.getOrDefault("Content-Length", "0"));
      return new Answer(Integer.parseInt(status[1]), headers, chunked ? chunks() : exactly(length));
    }

    private byte[] chunks() throws IOException {
      ByteArrayOutputStream whole = new ByteArrayOutputStream();
      for (int size = size(); size > 0; size = size()) {
        whole.writeBytes(exactly(size));
        line();
      }
      while (!line().isEmpty()) {
        // trailers say nothing to us
      }
      return whole.toByteArray();
    }

    private int size() throws IOException {
      return Integer.parseInt(line().split(";", 2)[0].strip(), 16);
    }

    private byte[] exactly(int length) throws IOException {
      byte[] bytes = in.readNBytes(length);
      if (bytes.length < length) {
        throw new EOFException("the answer is cut short");
      }
      return bytes;
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder(64);
      for (int next = in.read(); next != '\n'; next = in.read()) {
        if (next < 0) {
          throw new EOFException("no answer");
        }
        if (next != '\r') {
          line.append((char) next);
        }
      }
      return line.toString();
    }
  }
}
