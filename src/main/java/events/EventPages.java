package events;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import events.EventQuery.Row;
import events.EventWalk.Stretch;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * The events that match a query, page by page, the newest first. A page begins at a place among the ids and not at a
 * number of rows, so that the last one takes no longer than the first and none is shown twice, whatever comes meanwhile.
 * Throws Spring's {@code DataAccessException} when the database cannot be asked.
 */
public final class EventPages {
    private static final EventQuery EVERY = new EventQuery(null, null, null, null, null, null);

    private static final UUID PAST_ALL = new UUID(-1, -1);
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._:-]{1,64}");
    private static final Pattern ID = Pattern.compile("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final EventLog eventLog;
    private final EventWalk walk;

    /**
     * @param next the place to go on from, towards the older; null when there are none
     * @param previous the place to go back from, towards the newer; null when there are none
     * @param searchedUntil not null when only events that came since then (going back: before then) were looked at,
     *     since they were many: {@code next} (or {@code previous}) goes on from there
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Page(List<Row> events, UUID next, UUID previous, OffsetDateTime searchedUntil) {
        /** Whether these are the events whose key or id is the text itself; the next page has those that contain it. */
        @JsonIgnore
        public boolean isNamed() {
            return PAST_ALL.equals(next);
        }
    }

    /**
     * How many match.
     *
     * @param isExact false: there may be more
     */
    public record Count(int number, boolean isExact) {}

    public EventPages(DataSource dataSource, EventLog eventLog) {
        this.eventLog = eventLog;
        this.walk = new EventWalk(dataSource, System::nanoTime);
    }

    /**
     * The first page. An event whose key or id is exactly the text that is searched for comes by itself, at once; the next
     * pages are those that have it somewhere.
     *
     * @param most up to how many events
     */
    public Page newest(EventQuery query, int most) {
        List<Row> named = query.search() == null ? List.of() : named(query);
        return named.isEmpty() ? older(query, null, most) : new Page(named, PAST_ALL, null, null);
    }

    private List<Row> named(EventQuery query) {
        String text = query.search();
        Stream<Event> byKey = KEY.matcher(text).matches() ? eventLog.findByKey(text).stream() : Stream.empty();
        Stream<Event> byId =
                ID.matcher(text).matches() ? eventLog.find(UUID.fromString(text)).stream() : Stream.empty();
        Set<UUID> ids = Stream.concat(byKey, byId).map(Event::id).collect(toSet());
        return ids.isEmpty() ? List.of() : walk.among(List.copyOf(ids), query.withoutSearch());
    }

    /** The page of those that came before the event with this id. */
    public Page before(EventQuery query, UUID id, int most) {
        return older(query, id, most);
    }

    private Page older(EventQuery query, UUID from, int most) {
        Stretch<Row> stretch = PAST_ALL.equals(from)
                ? othersThan(query, most)
                : walk.walk(EventWalk.ROWS, query, from, false, most + 1);
        List<Row> rows = stretch.found().stream().limit(most).toList();
        UUID previous = from == null || from.equals(PAST_ALL)
                ? null
                : rows.isEmpty() ? from : rows.get(0).id();
        return page(rows, stretch, on(rows, stretch, most), previous);
    }

    /** After the page of those that the text names: the others. */
    private Stretch<Row> othersThan(EventQuery query, int most) {
        List<Row> named = query.search() == null ? List.of() : named(query);
        Stretch<Row> all = walk.walk(EventWalk.ROWS, query, PAST_ALL, false, most + 1 + named.size());
        List<Row> others =
                all.found().stream().filter(row -> !named.contains(row)).toList();
        return new Stretch<>(others, all.stoppedAt());
    }

    /** The page of those that came after the event with this id, and next to it; the newest first too. */
    public Page after(EventQuery query, UUID id, int most) {
        Stretch<Row> stretch = walk.walk(EventWalk.ROWS, query, id, true, most + 1);
        List<Row> rows = stretch.found().stream().limit(most).toList();
        UUID previous = on(rows, stretch, most);
        List<Row> newestFirst = new ArrayList<>(rows);
        Collections.reverse(newestFirst);
        return page(newestFirst, stretch, rows.isEmpty() ? id : rows.get(0).id(), previous);
    }

    /** From the last one that is shown, or where nobody looked any further. */
    private static UUID on(List<Row> rows, Stretch<Row> stretch, int most) {
        return stretch.found().size() > most ? rows.get(most - 1).id() : stretch.stoppedAt();
    }

    private static Page page(List<Row> rows, Stretch<Row> stretch, UUID next, UUID previous) {
        boolean isCutShort = stretch.stoppedAt() != null && stretch.found().size() == rows.size();
        return new Page(rows, next, previous, isCutShort ? EventWalk.timeOf(stretch.stoppedAt()) : null);
    }

    /** How many match, as far as that is found out soon, up to so many. */
    public Count count(EventQuery query, int most) {
        return count(query, null, most);
    }

    /** How many match that came after one, or of all (null): as far as that is found out soon, up to so many. */
    public Count count(EventQuery query, UUID after, int most) {
        Stretch<UUID> stretch = walk.walk(EventWalk.IDS, query, after, true, most);
        return new Count(stretch.found().size(), stretch.stoppedAt() == null);
    }

    /** What became of each of the given events; of one that is not there, nothing. */
    public Map<UUID, String> statuses(List<UUID> ids) {
        return walk.among(ids, EVERY).stream()
                .collect(toMap(Row::id, row -> row.erasedAt() == null ? row.status() : "erased"));
    }
}
