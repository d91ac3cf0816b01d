package dev.perennial.figures;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.sun.management.OperatingSystemMXBean;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A fresh process that handles one event as Lambda would, and prints {@code classes=… cpuMs=…}.
 * Arguments: handler class, file with the event.
 */
final class FirstInvocation {

  private FirstInvocation() {}

  public static void main(String[] arguments) throws Exception {
    Class<?> type = Class.forName(arguments[0]);
    Type event =
        Arrays.stream(type.getGenericInterfaces())
            .filter(face -> face instanceof ParameterizedType)
            .map(face -> ((ParameterizedType) face).getActualTypeArguments()[0])
            .findFirst()
            .orElseThrow();
    @SuppressWarnings("unchecked") // as Lambda's runtime does
    RequestHandler<Object, Object> handler =
        (RequestHandler<Object, Object>) type.getDeclaredConstructor().newInstance();
    Object input;
    try (InputStream json = Files.newInputStream(Path.of(arguments[1]))) {
      input =
          LambdaEventSerializers.serializerFor((Class<?>) event, type.getClassLoader())
              .fromJson(json);
    }
    handler.handleRequest(input, new OneContext(type.getSimpleName()));
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    System.out.printf(
        "classes=%d cpuMs=%d%n",
        ManagementFactory.getClassLoadingMXBean().getTotalLoadedClassCount(),
        system.getProcessCpuTime() / 1_000_000);
  }

  private record OneContext(String name) implements Context {
    @Override
    public String getAwsRequestId() {
      return "first";
    }

    @Override
    public String getLogGroupName() {
      return name;
    }

    @Override
    public String getLogStreamName() {
      return name;
    }

    @Override
    public String getFunctionName() {
      return name;
    }

    @Override
    public String getFunctionVersion() {
      return "1";
    }

    @Override
    public String getInvokedFunctionArn() {
      return "arn:aws:lambda:us-east-1:000000000000:function:" + name;
    }

    @Override
    public CognitoIdentity getIdentity() {
      throw new UnsupportedOperationException();
    }

    @Override
    public ClientContext getClientContext() {
      throw new UnsupportedOperationException();
    }

    @Override
    public int getRemainingTimeInMillis() {
      return 30_000;
    }

    @Override
    public int getMemoryLimitInMB() {
      return 1024;
    }

    @Override
    public LambdaLogger getLogger() {
      return new LambdaLogger() {
        @Override
        public void log(String message) {
          System.err.print(message);
        }

        @Override
        public void log(byte[] message) {
          log(new String(message, StandardCharsets.UTF_8));
        }
      };
    }
  }
}
