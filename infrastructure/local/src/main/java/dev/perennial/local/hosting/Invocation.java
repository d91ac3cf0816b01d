package dev.perennial.local.hosting;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import dev.perennial.topology.Function;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What Lambda tells a function about one invocation. Its deadline runs on the machine's time, as on
 * AWS.
 */
final class Invocation implements Context {

  private final Function function;
  private final FunctionLog log;
  private final String requestId = UUID.randomUUID().toString();
  private final long startedNanos = System.nanoTime();

  Invocation(Function function, FunctionLog log) {
    this.function = function;
    this.log = log;
  }

  /** Time since the invocation began. */
  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startedNanos);
  }

  @Override
  public String getAwsRequestId() {
    return requestId;
  }

  @Override
  public String getLogGroupName() {
    return "/aws/lambda/" + function.name();
  }

  @Override
  public String getLogStreamName() {
    return "local";
  }

  @Override
  public String getFunctionName() {
    return function.name();
  }

  @Override
  public String getFunctionVersion() {
    return "$LATEST";
  }

  @Override
  public String getInvokedFunctionArn() {
    return "arn:aws:lambda:us-east-1:000000000000:function:" + function.name();
  }

  @Override
  public @Nullable CognitoIdentity getIdentity() {
    return null;
  }

  @Override
  public @Nullable ClientContext getClientContext() {
    return null;
  }

  @Override
  public int getRemainingTimeInMillis() {
    return (int) Math.max(0, function.timeout().minus(elapsed()).toMillis());
  }

  @Override
  public int getMemoryLimitInMB() {
    return function.memoryMiB();
  }

  @Override
  public LambdaLogger getLogger() {
    return log.logger(function.name());
  }
}
