package dev.perennial.testkit;

import dev.perennial.domain.Publisher;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * Lets a process die before or after any one call of a port. A test counts the calls of an
 * undisturbed run, then repeats the run once for each of them.
 */
public final class Crashes {

  private int calls;
  private int victim = -1;
  private boolean before;

  /** The process died: nobody catches it but the test. */
  public static final class Crash extends Error {
    Crash(String where) {
      super(where);
    }
  }

  /**
   * The port, with its calls counted and one of them perhaps fatal. To be told the name of the
   * workspace is no call.
   */
  public <T> T around(Class<T> port, T target) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (_, method, arguments) -> {
              if (method.getName().equals("workspace")) {
                return method.invoke(target, arguments);
              }
              try {
                dieIf(true);
                Object answer = method.invoke(target, arguments);
                dieIf(false);
                return answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              } finally {
                calls++;
              }
            }));
  }

  /** As {@link #around}, for a port with a type parameter. */
  public <T> Publisher<T> aroundPublisher(Publisher<T> target) {
    return news -> {
      try {
        dieIf(true);
        target.publish(news);
        dieIf(false);
      } finally {
        calls++;
      }
    };
  }

  private void dieIf(boolean beforeItsWork) {
    if (calls == victim && before == beforeItsWork) {
      throw new Crash((before ? "before" : "after") + " call " + calls);
    }
  }

  /** How many calls there were so far. */
  public int calls() {
    return calls;
  }

  /** Makes that call fatal, counted from 0, before or after it does its work. */
  public void dieAt(int call, boolean beforeItsWork) {
    victim = call;
    before = beforeItsWork;
  }
}
