package dev.perennial.local.hosting;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Method;
import java.util.Arrays;

/** One handler object, made as Lambda makes it; it handles one invocation at a time. */
final class Instance {

  private final FunctionClassLoader loader;
  private final RequestHandler<Object, Object> handler;
  private final PojoSerializer<?> events;
  private final PojoSerializer<Object> results;

  private Instance(
      FunctionClassLoader loader,
      RequestHandler<Object, Object> handler,
      PojoSerializer<?> events,
      PojoSerializer<Object> results) {
    this.loader = loader;
    this.handler = handler;
    this.events = events;
    this.results = results;
  }

  /**
   * Loads the class and calls its public constructor without arguments, with the function's loader
   * in context.
   */
  static Instance of(String handlerClass, FunctionClassLoader loader, EventSerializers serializers)
      throws ReflectiveOperationException {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      Class<?> type = Class.forName(handlerClass, true, loader);
      Object handler = type.getConstructor().newInstance();
      Method method = handleRequest(type);
      return new Instance(
          loader,
          requestHandler(handler),
          serializers.of(method.getParameterTypes()[0]),
          JacksonFactory.getInstance().getSerializer(method.getGenericReturnType()));
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** The result as Lambda would send it. Whatever the handler throws comes out as it is. */
  byte[] handle(byte[] event, Context context) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      Object request = events.fromJson(new ByteArrayInputStream(event));
      Object result = handler.handleRequest(request, context);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      results.toJson(result, bytes);
      return bytes.toByteArray();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** The method with the real event type; its bridge takes any object. */
  private static Method handleRequest(Class<?> type) throws NoSuchMethodException {
    return Arrays.stream(type.getMethods())
        .filter(method -> method.getName().equals("handleRequest") && !method.isBridge())
        .filter(method -> method.getParameterCount() == 2)
        .findFirst()
        .orElseThrow(() -> new NoSuchMethodException(type.getName() + ".handleRequest"));
  }

  @SuppressWarnings("unchecked") // the serializer makes the type that handleRequest names
  private static RequestHandler<Object, Object> requestHandler(Object handler) {
    return (RequestHandler<Object, Object>) handler;
  }
}
