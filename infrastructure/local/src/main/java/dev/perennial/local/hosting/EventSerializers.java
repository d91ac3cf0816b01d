package dev.perennial.local.hosting;

import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import com.amazonaws.services.lambda.runtime.serialization.util.SerializeUtil;
import java.io.IOException;
import java.io.InputStream;

/**
 * Lambda's own event serializers for the classes of one function. Lambda runs one function in a
 * process, so the library remembers classes by name alone; here each function gets the part that
 * remembers anew, and all share the rest.
 */
final class EventSerializers {

  private static final String EVENTS = LambdaEventSerializers.class.getPackageName() + ".";
  private static final String MEMORY = SerializeUtil.class.getName();

  private final ClassLoader function;
  private final Class<?> serializers;

  EventSerializers(ClassLoader function) throws ClassNotFoundException {
    this.function = function;
    this.serializers = Class.forName(LambdaEventSerializers.class.getName(), true, new Anew());
  }

  /**
   * As the runtime client does: AWS events through their own serializers, all else through plain
   * Jackson.
   */
  PojoSerializer<?> of(Class<?> event) throws ReflectiveOperationException {
    return LambdaEventSerializers.isLambdaSupportedEvent(event.getName())
        ? (PojoSerializer<?>)
            serializers
                .getMethod("serializerFor", Class.class, ClassLoader.class)
                .invoke(null, event, function)
        : JacksonFactory.getInstance().getSerializer(event);
  }

  /** Defines again what has a memory, and takes the rest from the host. */
  private static final class Anew extends ClassLoader {

    Anew() {
      super(EventSerializers.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(EVENTS) && !name.startsWith(MEMORY)) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        return known == null ? defineAgain(name) : known;
      }
    }

    private Class<?> defineAgain(String name) throws ClassNotFoundException {
      try (InputStream code = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (code == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] bytes = code.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
