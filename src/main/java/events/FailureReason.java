package events;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import org.apache.camel.http.base.HttpOperationFailedException;

/** Why an attempt failed, in one line for the operator. */
final class FailureReason {
    private FailureReason() {}

    static String of(Throwable failure) {
        if (failure instanceof HttpOperationFailedException failed) {
            return http(failed);
        }
        if (failure instanceof SocketTimeoutException) {
            return "no answer in time: " + failure.getMessage();
        }
        if (failure instanceof ConnectException || failure instanceof UnknownHostException) {
            return "no connection: " + failure.getMessage();
        }
        if (failure instanceof PermanentFailure) {
            return failure.getMessage();
        }
        return failure.getClass().getSimpleName() + ": " + failure.getMessage();
    }

    private static String http(HttpOperationFailedException failed) {
        String body =
                failed.getResponseBody() == null ? "" : failed.getResponseBody().strip();
        String address = failed.getUri().replaceFirst("\\?.*", "");
        return address + " answered " + failed.getStatusCode() + (body.isEmpty() ? "" : ": " + body);
    }
}
