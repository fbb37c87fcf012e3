package pages;

import events.EventPages;
import events.EventQuery;
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

    /** The beginning of a text, in one line. */
    public static String line(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
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
        String count = rows().size() == 1 ? "1 event" : rows().size() + " events";
        boolean isAll = newer().isEmpty() && older().isEmpty();
        if (filter.isEmpty()) {
            return isAll ? count : count + " on this page, the newest first";
        }
        String matches = count + (rows().size() == 1 ? " matches" : " match");
        return isAll ? matches : matches + ", on this page";
    }

    /** Where all are replayed that match: dead ones, if no other status is asked for. */
    public String replayAll() {
        return filter.has("status")
                ? filter.at("/replay")
                : filter.with("status", "error").at("/replay");
    }
}
