package dev.perennial.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Text;
import dev.perennial.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The log of one invocation: a JSON object a line. Messages and fields name things of the platform
 * (functions, queues, message and request ids), never people, addresses or what people did.
 */
public final class StructuredLog {

  private static final String PLATFORM = "dev.perennial.";
  private static final int MOST_FRAMES = 8;

  private final Context context;

  public StructuredLog(Context context) {
    this.context = context;
  }

  public void warn(String message, Map<String, Value> fields) {
    write("WARN", message, fields);
  }

  /**
   * A fault: the classes of the chain of causes, where each arose, and what of the platform led
   * there. Their messages are left out, as they may quote data.
   */
  public void error(String message, Throwable fault, Map<String, Value> fields) {
    Map<String, Value> all = new LinkedHashMap<>(fields);
    List<Value> chain = new ArrayList<>();
    for (Throwable cause = fault;
        cause != null && chain.size() < MOST_FRAMES;
        cause = cause.getCause()) {
      chain.add(new Text(cause.getClass().getName()));
      StackTraceElement[] frames = cause.getStackTrace();
      IntStream.range(0, frames.length)
          .filter(i -> i == 0 || frames[i].getClassName().startsWith(PLATFORM))
          .limit(MOST_FRAMES)
          .forEach(i -> chain.add(new Text("  at " + frames[i])));
    }
    all.put("fault", new Items(chain));
    write("ERROR", message, all);
  }

  private void write(String level, String message, Map<String, Value> fields) {
    Map<String, Value> line = new LinkedHashMap<>();
    line.put("level", new Text(level));
    line.put("function", new Text(context.getFunctionName()));
    line.put("requestId", new Text(context.getAwsRequestId()));
    line.put("message", new Text(message));
    line.putAll(fields);
    context.getLogger().log(Json.text(new Fields(line)));
  }
}
