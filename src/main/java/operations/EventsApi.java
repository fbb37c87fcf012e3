package operations;

import ai.UsageLog;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import events.Answer;
import events.AnswerLog;
import events.Attempt;
import events.Event;
import events.EventLog;
import events.EventPages;
import events.EventQuery;
import ingress.EventStatus;
import ingress.HttpAnswer;
import ingress.RejectedRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.LinkedHashMap;
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
    private static final ObjectMapper JSON = new ObjectMapper();

    private final EventLog eventLog;
    private final EventPages pages;
    private final AnswerLog answers;
    private final UsageLog usage;
    private final String adminToken;

    /** @param adminToken the bearer token that opens it; empty: open to this machine and nobody else */
    public EventsApi(EventLog eventLog, EventPages pages, AnswerLog answers, UsageLog usage, String adminToken) {
        this.eventLog = eventLog;
        this.pages = pages;
        this.answers = answers;
        this.usage = usage;
        this.adminToken = adminToken;
    }

    /** @throws RejectedRequest 401 or 403 when the caller may not see events */
    public void authorize(Exchange exchange) {
        Message message = exchange.getMessage();
        if (adminToken.isEmpty()) {
            if (!Loopback.isDirect(message.getExchange())) {
                throw RejectedRequest.forbidden(
                        "/events and /usage answer programs on this machine only; for others set RELAY_ADMIN_TOKEN");
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
        HttpAnswer.json(exchange, 200, page(QueryParameters.of(exchange, LISTING)));
    }

    private EventPages.Page page(QueryParameters parameters) {
        EventQuery query = parameters.filter();
        int most = parameters.number("limit", LISTED, MOST_LISTED);
        UUID before = parameters.id("before");
        UUID after = parameters.id("after");
        if (before != null && after != null) {
            throw RejectedRequest.invalidParameter("after", "cannot be given with before");
        }
        return after != null
                ? pages.after(query, after, most)
                : before != null ? pages.before(query, before, most) : pages.newest(query, most);
    }

    public void show(Exchange exchange) throws JsonProcessingException {
        HttpAnswer.json(exchange, 200, describe(event(exchange)));
    }

    private Map<String, Object> describe(Event event) throws JsonProcessingException {
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("key", event.key());
        description.put("site", event.site());
        description.putAll(EventStatus.of(event));
        description.put("erased_at", event.erasedAt());
        description.put("call_back", event.callBack());
        description.put("request_id", event.requestId());
        description.put("traceparent", event.traceparent());
        description.put(
                "answers",
                answers.ofEvent(event.id()).stream().map(EventsApi::answer).toList());
        description.put("usage", UsageApi.describe(usage.of(event.id())));
        description.put(
                "history",
                eventLog.attempts(event.id()).stream().map(EventsApi::attempt).toList());
        description.put("payload", JSON.readTree(new String(event.payload(), StandardCharsets.UTF_8)));
        return description;
    }

    private static Map<String, Object> answer(Answer answer) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("task", answer.task());
        line.put("provider", answer.provider());
        line.put("model", answer.model());
        return line;
    }

    private static Map<String, Object> attempt(Attempt attempt) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("attempt", attempt.attempt());
        line.put("started_at", attempt.startedAt());
        line.put(
                "milliseconds",
                Duration.between(attempt.startedAt(), attempt.finishedAt()).toMillis());
        line.put("outcome", attempt.outcome());
        line.put("error", attempt.error());
        return line;
    }

    /**
     * The event whose key is in the path.
     *
     * @throws RejectedRequest 404 or, when the site has to be said, 409
     */
    Event event(Exchange exchange) {
        Message message = exchange.getMessage();
        String site = message.getHeader("site", String.class);
        List<Event> events = eventLog.findByKey(message.getHeader("key", String.class)).stream()
                .filter(event -> site == null || event.site().equals(site))
                .toList();
        if (events.isEmpty()) {
            throw RejectedRequest.notFound();
        }
        if (events.size() > 1) {
            throw RejectedRequest.conflict("several sites have an event with this key; add ?site=…");
        }
        return events.get(0);
    }
}
