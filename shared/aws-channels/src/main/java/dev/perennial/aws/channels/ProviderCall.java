package dev.perennial.aws.channels;

import dev.perennial.domain.delivery.Outcome;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** One call of a provider, whatever way it ends. */
final class ProviderCall {

  private ProviderCall() {}

  /**
   * Makes the call. An answer of 4xx proves that nothing was accepted; so does a connection that
   * never came about. A 5xx, a timeout and a connection that broke prove nothing.
   *
   * @param isFinal whether a 4xx would come again, however often and whenever the message were sent
   */
  static Outcome make(Supplier<Outcome> call, Predicate<AwsServiceException> isFinal) {
    try {
      return call.get();
    } catch (AwsServiceException e) {
      String detail = e.statusCode() + " " + code(e);
      if (e.statusCode() < 400 || e.statusCode() >= 500) {
        return new Outcome.Unknown(detail);
      }
      return isFinal.test(e) ? new Outcome.Refused(detail) : new Outcome.Retryable(detail);
    } catch (SdkException e) {
      String detail = e.getClass().getSimpleName();
      return neverConnected(e) ? new Outcome.Retryable(detail) : new Outcome.Unknown(detail);
    }
  }

  private static String code(AwsServiceException e) {
    return e.awsErrorDetails() == null
        ? e.getClass().getSimpleName()
        : String.valueOf(e.awsErrorDetails().errorCode());
  }

  private static boolean neverConnected(Throwable fault) {
    for (@Nullable Throwable cause = fault; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException
          || cause instanceof NoRouteToHostException
          || cause instanceof UnknownHostException) {
        return true;
      }
    }
    return false;
  }
}
