package events;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.util.ObjectHelper;
import org.springframework.core.NestedExceptionUtils;

/**
 * Why something failed, for the operator. What tells most stands first, since a list shows the beginning only: what a
 * server answered, or the message; where that was, or the name of the exception, stands behind it in brackets.
 */
public final class FailureReason {
    private static final Pattern QUOTING = Pattern.compile("(org\\.apache\\.camel|com\\.fasterxml\\.jackson)\\..*");

    private static final Pattern JSON_ANSWER = Pattern.compile("answered (?<status>\\d{3}): (?<json>\\{)");
    private static final Set<String> TOLD = Set.of("message", "code");
    private static final JsonFactory JSON = new JsonFactory();

    private FailureReason() {}

    /** Why an attempt at an event failed. */
    public static String of(Throwable failure) {
        HttpOperationFailedException failed = answer(failure);
        if (failed != null) {
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
        return named(failure, failure.getMessage());
    }

    /**
     * What tells most of a reason, for one line of a list: of a server that answered JSON, its status, its message and its
     * code, as WordPress and the servers of AI providers name them, such as {@code 422: post 7 is locked (ai_relay_invalid)}.
     * Any other reason stays as it is, also where its JSON was cut off too early.
     */
    public static String headline(String reason) {
        Matcher answer = JSON_ANSWER.matcher(reason);
        if (!answer.find()) {
            return reason;
        }
        Map<String, String> told = told(reason.substring(answer.start("json")));
        if (told.get("message") == null) {
            return reason;
        }
        String code = told.get("code");
        return reason.substring(0, answer.start()) + answer.group("status") + ": " + told.get("message")
                + (code == null || code.isBlank() ? "" : " (" + code + ")");
    }

    /** The first {@code message} and the first {@code code} of some JSON, of which the end may be missing. */
    private static Map<String, String> told(String json) {
        Map<String, String> told = new HashMap<>();
        try (JsonParser parser = JSON.createParser(json)) {
            while (told.size() < 2 && parser.nextToken() != null) {
                boolean isName = TOLD.contains(String.valueOf(parser.currentName()));
                if (isName && parser.currentToken() == JsonToken.VALUE_STRING) {
                    told.putIfAbsent(parser.currentName(), parser.getText().strip());
                }
                if (parser.getParsingContext().inRoot()) {
                    break;
                }
            }
        } catch (IOException e) {
            return told; // It was cut off here, and what came before tells enough.
        }
        return told;
    }

    /**
     * The same without what may quote the event: the body of an answer, and the messages of Camel's and Jackson's own
     * exceptions, which like to show the value that they failed at.
     */
    public static String inShort(Throwable failure) {
        HttpOperationFailedException failed = answer(failure);
        if (failed != null) {
            return status(failed);
        }
        if (failure instanceof QuotingFailure quoting) {
            return named(failure, quoting.withoutQuotation());
        }
        return QUOTING.matcher(failure.getClass().getName()).matches()
                ? failure.getClass().getSimpleName()
                : of(failure);
    }

    /** Whether no later try mends it, as failure-policy has it. */
    public static boolean isLasting(Throwable failure) {
        HttpOperationFailedException failed = answer(failure);
        return failed == null
                ? ObjectHelper.getException(Lasting.class, failure) != null
                : !mayPass(failed.getStatusCode());
    }

    /** Whether a server that answers so may be well later: it is overloaded, too slow or broken. */
    public static boolean mayPass(int status) {
        return status >= 500 || status == 408 || status == 429;
    }

    /** The answer of a server that is at the bottom of it, or null. */
    public static HttpOperationFailedException answer(Throwable failure) {
        return ObjectHelper.getException(HttpOperationFailedException.class, failure);
    }

    /** What is at the bottom of it, in one line: the wrappers around it repeat the whole SQL. */
    public static String rootLine(Throwable failure) {
        Throwable root = NestedExceptionUtils.getMostSpecificCause(failure);
        String message = root.getMessage() == null ? "" : root.getMessage().strip();
        return message.isEmpty()
                ? root.getClass().getSimpleName()
                : message.lines().findFirst().orElseThrow();
    }

    private static String named(Throwable failure, String message) {
        String name = failure.getClass().getSimpleName();
        return message == null || message.isBlank() ? name : message.strip() + " (" + name + ")";
    }

    private static String http(HttpOperationFailedException failed) {
        String body =
                failed.getResponseBody() == null ? "" : failed.getResponseBody().strip();
        if (body.isEmpty()) {
            return status(failed);
        }
        String begin = answered(failed) + ": ";
        int room = Math.max(
                0, AttemptLog.LONGEST_ERROR - begin.length() - at(failed).length());
        return begin + (body.length() <= room ? body : body.substring(0, room)) + at(failed);
    }

    private static String status(HttpOperationFailedException failed) {
        return answered(failed) + at(failed);
    }

    private static String answered(HttpOperationFailedException failed) {
        return "answered " + failed.getStatusCode();
    }

    private static String at(HttpOperationFailedException failed) {
        return " (" + failed.getUri().replaceFirst("\\?.*", "") + ")";
    }
}
