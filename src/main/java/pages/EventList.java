package pages;

import events.EventPages;
import events.EventQuery;
import events.FailureReason;
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A list of events as its template shows it.
 *
 * @param problem what is wrong with the filter; empty: nothing
 * @param page what matches, and where to go on
 * @param isTowardsNow whether somebody goes back through the pages, which is where a search goes on too
 */
public record EventList(
        Filter filter,
        String problem,
        EventPages.Page page,
        boolean isTowardsNow,
        Set<String> knownEvents,
        Set<String> knownSites) {

    public static final List<String> STATUSES = List.of("queued", "processing", "done", "error");

    /** The times to choose from, as {@code since} has them. */
    public static final Map<String, String> SPANS = spans();

    /** More names than these are typed, with what begins so to choose from. */
    public static final int MOST_OPTIONS = 50;

    private static final int LONGEST_LINE = 200;

    private static Map<String, String> spans() {
        Map<String, String> spans = new LinkedHashMap<>();
        spans.put("15m", "Last 15 minutes");
        spans.put("1h", "Last hour");
        spans.put("24h", "Last 24 hours");
        spans.put("7d", "Last 7 days");
        spans.put("30d", "Last 30 days");
        return Collections.unmodifiableMap(spans);
    }

    /** Where an event is: another site may have one with the same key. */
    public static String at(String site, String key) {
        return "/events/" + Filter.encode(key).replace("+", "%20") + "?site=" + Filter.encode(site);
    }

    /** The beginning of an error, in one line: of what a server answered, its message. */
    public static String line(String error) {
        String line = FailureReason.headline(error).strip().replaceAll("\\s+", " ");
        return line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE) + "…";
    }

    public List<EventQuery.Row> rows() {
        return page.events();
    }

    /** The address of the page before; empty: there is none. */
    public String newer() {
        return page.previous() == null
                ? ""
                : filter.at("/events", Map.of("after", page.previous().toString()));
    }

    /** The address of the page after; empty: there is none. */
    public String older() {
        return page.next() == null
                ? ""
                : filter.at("/events", Map.of("before", page.next().toString()));
    }

    /** How far a search has come that has to go on; null: it has come to its end. */
    public OffsetDateTime searchedUntil() {
        return page.searchedUntil();
    }

    /** Where such a search goes on. */
    public String further() {
        return isTowardsNow ? newer() : older();
    }

    public boolean isSinceOther() {
        return filter.has("since") && !SPANS.containsKey(filter.get("since"));
    }

    /** As the field takes it. */
    public String until() {
        return filter.get("until").replaceFirst("(:\\d\\d)?Z$", "");
    }

    public String summary() {
        String count = ReplayPlan.events(rows().size());
        if (page.isNamed()) {
            return count + (rows().size() == 1 ? " has" : " have") + " exactly this key or id";
        }
        boolean isAll = newer().isEmpty() && older().isEmpty();
        if (filter.isEmpty()) {
            return isAll ? count : count + " on this page, the newest first";
        }
        String matches = count + (rows().size() == 1 ? " matches" : " match");
        return isAll ? matches : matches + ", on this page";
    }

    /** Whether these are the events that the text names; {@link #older} has those that only contain it. */
    public boolean isNamed() {
        return page.isNamed();
    }

    /** What is replayed by one click; empty: nothing, since what waits comes to its turn by itself. */
    public String replayButton() {
        String status = filter.get("status");
        if (status.equals("queued") || status.equals("processing")) {
            return "";
        }
        if (isNamed()) {
            return selectable().isEmpty() ? "" : selectable().size() == 1 ? "Replay it…" : "Replay them…";
        }
        return status.isEmpty() ? "Replay all dead ones that match…" : "Replay all that match…";
    }

    /** Where they are: these ones, if the text names them; else all that match, dead ones if no other status is asked for. */
    public String replayAddress() {
        if (isNamed()) {
            return selectable().stream().map(row -> "id=" + row.id()).collect(Collectors.joining("&", "/replay?", ""));
        }
        return filter.has("status")
                ? filter.at("/replay")
                : filter.with("status", "error").at("/replay");
    }

    private List<EventQuery.Row> selectable() {
        return rows().stream().filter(row -> row.erasedAt() == null).toList();
    }

    /** What is not there, where a filter finds nothing, in words. */
    public String nothing() {
        String site = filter.has("site") ? " at " + filter.get("site") : "";
        boolean isMore = filter.values().keySet().stream()
                .anyMatch(name -> !List.of("status", "site").contains(name));
        if (isMore || !problem.isEmpty()) {
            return "No event matches";
        }
        return switch (filter.get("status")) {
            case "error" -> "Nothing has failed" + site;
            case "queued" -> "Nothing waits" + site;
            case "processing" -> "Nothing is being worked on" + site;
            case "done" -> "Nothing is done" + site;
            default -> "No event has come" + (filter.has("site") ? " from " + filter.get("site") : "");
        };
    }

    /** Whether it may be that the filter is too narrow. */
    public boolean isAdviceOfUse() {
        return problem.isEmpty() && nothing().equals("No event matches");
    }
}
