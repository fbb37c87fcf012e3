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

    /** As {@link #all}. @throws RejectedRequest 400 when it is not there or empty */
    static String list(Message message, String name) {
        String value = all(message, name);
        if (value == null || value.isEmpty()) {
            throw RejectedRequest.missingHeaders();
        }
        return value;
    }

    /** A header that may be repeated: its values, separated by commas (RFC 9110, 5.3); null when it is not there. */
    static String all(Message message, String name) {
        return message.getHeader(name) instanceof List<?> values
                ? values.stream().map(String::valueOf).collect(Collectors.joining(","))
                : optional(message, name);
    }
}
