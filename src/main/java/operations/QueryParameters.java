package operations;

import events.EventQuery;
import ingress.RejectedRequest;
import io.vertx.core.MultiMap;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.vertx.HttpMessage;

/**
 * The query parameters of {@code /events} and {@code /usage}. Every method throws a {@link RejectedRequest} for a value that it cannot
 * understand: whoever misspells a filter or {@code dry_run} must not replay more than was meant.
 */
public final class QueryParameters {
    public static final Set<String> FILTERS = Set.of("status", "event", "site", "since", "until", "search");
    static final String SHA256 = "[0-9a-fA-F]{64}";
    private static final int LONGEST_SEARCH = 200;
    /** What people call an event that has failed for good. */
    public static final Map<String, String> OTHER_WORDS = Map.of("dead", "error");

    private static final List<String> STATUSES = List.of("queued", "processing", "done", "error");

    private final MultiMap values;

    private QueryParameters(MultiMap values) {
        this.values = values;
    }

    /** @throws RejectedRequest 422 when there is one of another name, or one twice */
    public static QueryParameters of(Exchange exchange, Set<String> known) {
        MultiMap values = exchange.getMessage(HttpMessage.class).getRequest().params();
        for (String name : values.names()) {
            if (!known.contains(name)) {
                throw RejectedRequest.invalidParameter(name, "is not known here");
            }
            if (values.getAll(name).size() > 1) {
                throw RejectedRequest.invalidParameter(name, "must be given once");
            }
            if (values.get(name).indexOf('\0') >= 0) {
                throw RejectedRequest.invalidParameter(name, "must be without U+0000, which no event has");
            }
        }
        return new QueryParameters(values);
    }

    public static Set<String> filtersAnd(String... names) {
        Set<String> all = new HashSet<>(FILTERS);
        all.addAll(List.of(names));
        return Set.copyOf(all);
    }

    public EventQuery filter() {
        String given = values.get("status");
        String status = given == null ? null : OTHER_WORDS.getOrDefault(given, given);
        if (status != null && !STATUSES.contains(status)) {
            throw RejectedRequest.invalidParameter(
                    "status",
                    "must be one of " + String.join(", ", STATUSES)
                            + " (or dead, which is error); what waits is queued");
        }
        String search = values.get("search");
        if (search != null && (search.isEmpty() || search.length() > LONGEST_SEARCH)) {
            throw RejectedRequest.invalidParameter("search", "must have 1 to " + LONGEST_SEARCH + " characters");
        }
        return new EventQuery(status, values.get("event"), values.get("site"), time("since"), time("until"), search);
    }

    /** A number from 1 to most. */
    int number(String name, int standard, int most) {
        if (!values.contains(name)) {
            return standard;
        }
        String value = values.get(name);
        if (!value.matches("[0-9]{1,9}") || Integer.parseInt(value) < 1 || Integer.parseInt(value) > most) {
            throw RejectedRequest.invalidParameter(name, "must be a number from 1 to " + most);
        }
        return Integer.parseInt(value);
    }

    public boolean flag(String name) {
        String value = values.get(name);
        if (value != null && !value.equals("true") && !value.equals("false")) {
            throw RejectedRequest.invalidParameter(name, "must be true or false");
        }
        return "true".equals(value);
    }

    /** As it was given, or null. */
    String text(String name) {
        return values.get(name);
    }

    /** A SHA-256, which has to be given. */
    String sha256(String name) {
        String value = values.get(name);
        if (value == null || !value.matches(SHA256)) {
            throw RejectedRequest.invalidParameter(name, "must be 64 hexadecimal digits");
        }
        return value;
    }

    /** An event's id, or null. */
    public UUID id(String name) {
        try {
            return values.contains(name) ? UUID.fromString(values.get(name)) : null;
        } catch (IllegalArgumentException e) {
            throw RejectedRequest.invalidParameter(name, "must be the id of an event");
        }
    }

    /** A time, or null. */
    OffsetDateTime time(String name) {
        try {
            // In a query + stands for a space, and few remember that when they write +02:00.
            return values.contains(name)
                    ? PointInTime.parse(values.get(name).replace(' ', '+'), Clock.systemUTC())
                    : null;
        } catch (DateTimeParseException e) {
            throw RejectedRequest.invalidParameter(name, PointInTime.EXPECTED);
        }
    }

    /** A time that is to come, in full or as the duration until then; or null. */
    OffsetDateTime timeToCome(String name, Clock clock) {
        return values.contains(name)
                ? PointInTime.toCome(name, values.get(name).replace(' ', '+'), OffsetDateTime.now(clock))
                : null;
    }
}
