package operations;

import com.fasterxml.jackson.core.JsonProcessingException;
import events.Event;
import events.EventLog;
import events.EventPages;
import events.EventQuery;
import ingress.HttpAnswer;
import ingress.RejectedRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** {@code /events} on the management port: list and show. The command line and curl use the same, {@code /usage} its authorization. */
public final class EventsApi {
    private static final int LISTED = 50;
    private static final int MOST_LISTED = 200;
    private static final Set<String> LISTING = QueryParameters.filtersAnd("limit", "before", "after");

    private final EventLog eventLog;
    private final EventPages pages;
    private final EventDetails details;
    private final KnownNames known;
    private final String adminToken;

    /** @param adminToken the bearer token that opens it; empty: open to this machine and nobody else */
    public EventsApi(EventLog eventLog, EventPages pages, EventDetails details, KnownNames known, String adminToken) {
        this.eventLog = eventLog;
        this.pages = pages;
        this.details = details;
        this.known = known;
        this.adminToken = adminToken;
    }

    /** @throws RejectedRequest 401 or 403 when the caller may not see events */
    public void authorize(Exchange exchange) {
        Message message = exchange.getMessage();
        if (adminToken.isEmpty()) {
            if (!Loopback.isDirect(message.getExchange())) {
                throw RejectedRequest.forbidden(
                        "the management interface answers programs on this machine only; for others set RELAY_ADMIN_TOKEN");
            }
            return;
        }
        String given = message.getHeader("Authorization", "", String.class);
        byte[] expected = ("Bearer " + adminToken).getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(expected, given.getBytes(StandardCharsets.UTF_8))) {
            throw RejectedRequest.unauthorized();
        }
    }

    public void list(Exchange exchange) {
        HttpAnswer.json(exchange, 200, page(exchange));
    }

    /**
     * The part of the list that is asked for.
     *
     * @throws RejectedRequest 422, also when nothing matches since the filter has a name that nobody knows
     */
    public EventPages.Page page(Exchange exchange) {
        QueryParameters parameters = QueryParameters.of(exchange, LISTING);
        EventQuery query = parameters.filter();
        int most = parameters.number("limit", LISTED, MOST_LISTED);
        UUID before = parameters.id("before");
        UUID after = parameters.id("after");
        if (before != null && after != null) {
            throw RejectedRequest.invalidParameter("after", "cannot be given with before");
        }
        if (after != null) {
            return pages.after(query, after, most);
        }
        if (before != null) {
            return pages.before(query, before, most);
        }
        EventPages.Page newest = pages.newest(query, most);
        if (newest.events().isEmpty() && newest.next() == null) {
            known.check(query);
        }
        return newest;
    }

    public void show(Exchange exchange) throws JsonProcessingException {
        HttpAnswer.json(exchange, 200, describe(event(exchange)));
    }

    /** All that is known of an event, as {@code GET /events/{key}} answers it. */
    public Map<String, Object> describe(Event event) throws JsonProcessingException {
        return details.describe(event);
    }

    /**
     * The event whose key is in the path.
     *
     * @throws RejectedRequest 404 or, when the site has to be said, 409
     */
    public Event event(Exchange exchange) {
        Message message = exchange.getMessage();
        String site = message.getHeader("site", String.class);
        String key = message.getHeader("key", String.class);
        if (key.indexOf('\0') >= 0) {
            throw none(key); // PostgreSQL has no such text.
        }
        List<Event> events = site == null
                ? eventLog.findByKey(key)
                : eventLog.find(site, key).stream().toList();
        if (events.isEmpty()) {
            throw none(key);
        }
        if (events.size() > 1) {
            throw RejectedRequest.conflict(
                    "several sites have an event with this key; add ?site=…, which is --site on" + " the command line");
        }
        return events.get(0);
    }

    private static RejectedRequest none(String key) {
        String part = key.matches("[A-Za-z0-9._:-]{1,64}") ? key : "TEXT";
        return RejectedRequest.notFound(
                "key",
                "is no event's, no longer or not on this relay; bin/relay events --search " + part + " looks for it");
    }
}
