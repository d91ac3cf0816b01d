package dev.perennial.lambda;

import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A refusal as the client sees it: problem details of RFC 9457 with a stable type, a JSON pointer
 * to the offending field where there is one, and the request's id.
 */
public final class Problem extends RuntimeException {

  private final int status;
  private final String title;
  private final @Nullable String pointer;

  /**
   * @param title short and the same for each occurrence, for example {@code Invalid event}; the
   *     type is made of it, here {@code /problems/invalid-event}
   * @param detail what is wrong this time
   * @param pointer JSON pointer into the request's body, or null
   */
  public Problem(int status, String title, String detail, @Nullable String pointer) {
    super(detail, null, false, false);
    this.status = status;
    this.title = title;
    this.pointer = pointer;
  }

  public Problem(int status, String title, String detail) {
    this(status, title, detail, null);
  }

  /** 404. */
  public static Problem notFound(String detail) {
    return new Problem(404, "Not found", detail);
  }

  /** 409: the request contradicts what is. */
  public static Problem conflict(String detail) {
    return new Problem(409, "Conflict", detail);
  }

  /** 400 about something in the body, the path or the query. */
  public static Problem invalid(String detail) {
    return new Problem(400, "Invalid request", detail);
  }

  /** 413. */
  public static Problem tooLarge(String detail) {
    return new Problem(413, "Content too large", detail);
  }

  public int status() {
    return status;
  }

  /** A URI reference that stays the same. */
  public String type() {
    return type(title);
  }

  /** The type that problems of this title have. */
  public static String type(String title) {
    return "/problems/" + title.toLowerCase(Locale.ROOT).replace(' ', '-');
  }

  Fields body(String requestId) {
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put("type", new Text(type()));
    fields.put("title", new Text(title));
    fields.put("status", Num.of(status));
    fields.put("detail", new Text(String.valueOf(getMessage())));
    if (pointer != null) {
      fields.put("pointer", new Text(pointer));
    }
    fields.put("requestId", new Text(requestId));
    return new Fields(fields);
  }
}
