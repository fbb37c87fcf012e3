package ingress;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.camel.Message;

/** Reads the headers of a request before it is trusted. */
final class RequestHeaders {
    private RequestHeaders() {}

    /** @throws RejectedRequest 400 when it is not there, empty, or there more than once */
    static String required(Message message, String name) {
        String value = optional(message, name);
        if (value == null || value.isEmpty()) {
            throw RejectedRequest.missingHeaders();
        }
        return value;
    }

    /** The value; null when it is not there or there more than once, since nobody can say which one counts. */
    static String optional(Message message, String name) {
        return message.getHeader(name) instanceof String value ? value.strip() : null;
    }

    /** A header that may be repeated: its values, separated by commas (RFC 9110, 5.3). */
    static String list(Message message, String name) {
        if (message.getHeader(name) instanceof List<?> values) {
            return values.stream().map(String::valueOf).collect(Collectors.joining(","));
        }
        return required(message, name);
    }
}
