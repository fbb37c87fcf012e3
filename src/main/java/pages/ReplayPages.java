package pages;

import events.EventPages;
import events.EventQuery;
import events.EventQuery.Row;
import ingress.RejectedRequest;
import io.vertx.core.MultiMap;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import operations.Caller;
import operations.QueryParameters;
import operations.Replaying;
import org.apache.camel.Exchange;

/**
 * Another chance for events, in a browser: {@code GET /replay} says what would happen, by {@code id}s or by a filter;
 * {@code POST /replays} does it; {@code GET /replayed} says what happened, so that to load it again does nothing again.
 */
public final class ReplayPages {
    /** So many are looked at to say how many have the same error; {@link ReplayPlan#MOST_SHOWN} of them are shown. */
    private static final int LOOKED_AT = 500;

    /** As many as one list has; what is more would not fit into an address either. */
    private static final int MOST_SELECTED = 50;

    private static final Set<String> MATCHING = QueryParameters.filtersAnd("force", "after");
    private static final String NONE_CHOSEN =
            "No event is selected. Tick the boxes of some in the list, or replay all that match a filter.";
    private static final String NONE_MATCHES = "No event matches that could be replayed. What is erased cannot.";

    private final Pages pages;
    private final Replaying replaying;

    public ReplayPages(Pages pages, Replaying replaying) {
        this.pages = pages;
        this.replaying = replaying;
    }

    /** @throws RejectedRequest 422 when it is not understood which events are meant */
    public void plan(Exchange exchange) {
        MultiMap given = Gate.request(exchange).params();
        ReplayPlan plan = given.contains("id") ? ofSelected(ids(given)) : ofMatching(exchange);
        Frame frame = pages.frame(exchange, "Replay", "events");
        pages.answer(exchange, 200, "replay", frame, Map.of("plan", plan, "times", pages.times()));
    }

    private ReplayPlan ofSelected(List<UUID> ids) {
        List<Row> chosen = replaying.preview(ids, true);
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        chosen.forEach(event -> fields.add(Map.entry("id", event.id().toString())));
        String back = chosen.size() == 1
                ? EventList.at(chosen.get(0).site(), chosen.get(0).key())
                : "/events";
        return new ReplayPlan(chosen.size(), true, chosen, fields, back, NONE_MATCHES);
    }

    private ReplayPlan ofMatching(Exchange exchange) {
        QueryParameters parameters = QueryParameters.of(exchange, MATCHING);
        EventQuery query = parameters.filter();
        UUID after = parameters.id("after");
        Filter filter = Filter.of(Gate.request(exchange).params());
        if (query.isEmpty()) {
            return new ReplayPlan(0, true, List.of(), List.of(), "/events", NONE_CHOSEN);
        }
        EventQuery wanted = wanted(query);
        EventPages.Count count = replaying.count(wanted, after);
        List<Map.Entry<String, String>> fields =
                new ArrayList<>(fixed(wanted, filter).values().entrySet());
        if (after != null) {
            fields.add(Map.entry("after", after.toString()));
        }
        return new ReplayPlan(
                count.number(),
                count.isExact(),
                replaying.preview(wanted, after, LOOKED_AT).events(),
                fields,
                filter.at("/events"),
                NONE_MATCHES);
    }

    /** Without a status, only the dead ones. */
    private static EventQuery wanted(EventQuery query) {
        return query.status() == null ? query.withStatus("error") : query;
    }

    /** What was seen is what is replayed: "in the last hour" does not move on, and what comes later is not meant. */
    private Filter fixed(EventQuery wanted, Filter filter) {
        OffsetDateTime until = wanted.until() == null ? pages.times().now() : wanted.until();
        return filter.with("status", wanted.status())
                .with("since", wanted.since() == null ? "" : wanted.since().toString())
                .with("until", until.toString());
    }

    /** @throws RejectedRequest 409 when events are meant that have not failed, and that was not confirmed */
    public void replay(Exchange exchange) {
        MultiMap given = Gate.request(exchange).params();
        if (given.contains("id")) {
            replaySelected(exchange, ids(given), "true".equals(given.get("force")));
        } else {
            replayMatching(exchange);
        }
    }

    private void replaySelected(Exchange exchange, List<UUID> ids, boolean isForced) {
        List<Row> replayed = replaying.replay(ids, isForced, by(exchange));
        if (ids.size() == 1 && replayed.size() == 1) {
            Row event = replayed.get(0);
            PageAnswer.goTo(exchange, EventList.at(event.site(), event.key()) + "&replayed=1");
            return;
        }
        String selected = replayed.stream().map(row -> "&id=" + row.id()).collect(Collectors.joining());
        PageAnswer.goTo(
                exchange, "/replayed?count=" + replayed.size() + "&left=" + (ids.size() - replayed.size()) + selected);
    }

    private void replayMatching(Exchange exchange) {
        QueryParameters parameters = QueryParameters.of(exchange, MATCHING);
        EventQuery query = parameters.filter();
        if (query.isEmpty()) {
            throw RejectedRequest.badRequest(NONE_CHOSEN);
        }
        EventQuery wanted = wanted(query);
        if (!wanted.status().equals("error") && !parameters.flag("force")) {
            throw RejectedRequest.conflict("Only events that have failed are replayed without a tick at the box");
        }
        OffsetDateTime begin = pages.times().now();
        Replaying.Outcome outcome = replaying.replayAll(wanted, parameters.id("after"), by(exchange));
        Map<String, String> more = new LinkedHashMap<>();
        more.put("count", Integer.toString(outcome.count()));
        more.put("begun", begin.toInstant().toString());
        more.put("ended", pages.times().now().toInstant().toString());
        if (outcome.next() != null) {
            more.put("after", outcome.next().toString());
        }
        PageAnswer.goTo(exchange, Filter.of(Gate.request(exchange).params()).at("/replayed", more));
    }

    public void result(Exchange exchange) {
        MultiMap given = Gate.request(exchange).params();
        // A link to the plan and no form: whoever was led to this address has to confirm it there, as at first.
        String rest =
                given.contains("after") ? Filter.of(given).at("/replay", Map.of("after", given.get("after"))) : "";
        Map<UUID, String> statuses = replaying.statuses(replayed(given));
        ReplayResult result = new ReplayResult(
                number(given, "count"),
                number(given, "left"),
                ReplayResult.numbers(statuses),
                replaying.preview(ReplayResult.first(statuses, MOST_SELECTED), true),
                rest,
                Gate.request(exchange).uri());
        Frame frame = pages.frame(exchange, result.heading(), "events");
        pages.answer(exchange, 200, "replayed", frame, Map.of("done", result, "times", pages.times()));
    }

    /** By their ids, or by when they were replayed: those that matched may be too many for an address. */
    private List<UUID> replayed(MultiMap given) {
        if (given.contains("id")) {
            return ids(given);
        }
        return given.contains("begun") && given.contains("ended")
                ? replaying.replayed(moment(given, "begun"), moment(given, "ended"))
                : List.of();
    }

    private static OffsetDateTime moment(MultiMap given, String name) {
        try {
            return OffsetDateTime.parse(given.get(name));
        } catch (DateTimeParseException e) {
            throw RejectedRequest.invalidParameter(name, "must be a time such as 2026-01-31T09:30:00Z");
        }
    }

    private static String by(Exchange exchange) {
        return Caller.from(Gate.request(exchange), "an operator on the events page");
    }

    private static List<UUID> ids(MultiMap given) {
        try {
            List<UUID> ids =
                    given.getAll("id").stream().map(UUID::fromString).distinct().toList();
            if (ids.size() <= MOST_SELECTED) {
                return ids;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw RejectedRequest.invalidParameter("id", "must be the id of an event, of " + MOST_SELECTED + " at most");
    }

    private static int number(MultiMap given, String name) {
        String value = given.get(name);
        return value != null && value.matches("\\d{1,9}") ? Integer.parseInt(value) : 0;
    }
}
