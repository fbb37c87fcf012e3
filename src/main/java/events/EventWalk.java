package events;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Goes through the event log in the order of arrival, or against it, and stops after a while: however many events there
 * are, and however few of them match, no request reads for long. It reads slices of the index, the next one longer while
 * they are quick. Ids are UUIDv7, so an id is a place in time.
 */
final class EventWalk {
    /** How long a walk goes on, at least for one slice. */
    static final Duration PATIENCE = Duration.ofMillis(1500);

    /** Between when an id is made and when its event is recorded, on one clock: longer than any request lasts. */
    private static final Duration ID_IS_OFF = Duration.ofMinutes(1);

    /** Of a site that has so few events all are looked at: they lie in another order in their index. */
    private static final int FEW = 2_000;

    private static final int FIRST_SLICE = 1_000;
    private static final int LONGEST_SLICE = 32_000;
    /** Where only an index is read. */
    private static final int LONGEST_OF_INDEX = 256_000;

    private static final List<String> STATUSES = List.of("queued", "processing", "done", "error");
    private static final long QUICK_NANOS = Duration.ofMillis(100).toNanos();
    private static final long SLOW_NANOS = 3 * QUICK_NANOS;

    private static final int VERSION_7 = 0x7000;
    private static final int RANDOM_BITS_OF_TIME = 16;
    private static final long VARIANT = 0x8000_0000_0000_0000L;

    private final JdbcClient database;
    private final LongSupplier nanoClock;

    /**
     * @param found in the order of the walk
     * @param stoppedAt the last id that was looked at, from which to go on; null at the end
     */
    record Stretch<T>(List<T> found, UUID stoppedAt) {}

    /** What is read of each event, and how its id is told. */
    record Reading<T>(String columns, RowMapper<T> row, Function<T, UUID> id) {}

    static final Reading<EventQuery.Row> ROWS = new Reading<>(EventQuery.COLUMNS, EventQuery::row, EventQuery.Row::id);

    static final Reading<UUID> IDS = new Reading<>("id", (row, number) -> row.getObject("id", UUID.class), id -> id);

    EventWalk(DataSource dataSource, LongSupplier nanoClock) {
        this.database = JdbcClient.create(dataSource);
        this.nanoClock = nanoClock;
    }

    /**
     * @param from the place to start from, which is not looked at itself; null: the newest or the oldest
     * @param most where to stop, when so many were found
     */
    <T> Stretch<T> walk(Reading<T> reading, EventQuery query, UUID from, boolean isAscending, int most) {
        List<UUID> few = query.site() == null ? null : few(query.site());
        if (few != null) {
            List<UUID> beyond =
                    few.stream().filter(id -> isBeyond(id, from, isAscending)).toList();
            List<T> found = among(beyond, reading, query, isAscending, most);
            return new Stretch<>(
                    found, found.size() < most ? null : reading.id().apply(found.get(most - 1)));
        }
        long end = nanoClock.getAsLong() + PATIENCE.toNanos();
        List<T> found = new ArrayList<>();
        UUID place = from;
        // Where payloads are read it begins small, however many are wanted: only so it learns how long they take.
        int length = query.search() == null ? Math.max(FIRST_SLICE, most) : FIRST_SLICE;
        boolean isNarrow = query.search() == null && (query.site() != null || query.event() != null);
        int longest = isNarrow ? LONGEST_OF_INDEX : LONGEST_SLICE;
        while (true) {
            long begin = nanoClock.getAsLong();
            UUID last = last(query, place, isAscending, length);
            int more = most - found.size();
            found.addAll(
                    isNarrow
                            ? narrowed(reading, query, place, last, isAscending, more)
                            : slice(reading, query, place, last, isAscending, more));
            if (found.size() == most) {
                return new Stretch<>(found, reading.id().apply(found.get(most - 1)));
            }
            long now = nanoClock.getAsLong();
            if (last == null || now >= end) {
                return new Stretch<>(found, last);
            }
            place = last;
            length = nextLength(length, now - begin, longest);
        }
    }

    private static int nextLength(int length, long nanos, int longest) {
        if (nanos < QUICK_NANOS) {
            return Math.min(2 * length, longest);
        }
        return nanos > SLOW_NANOS ? Math.max(FIRST_SLICE, length / 2) : length;
    }

    /** In the order that the databases have: by the bytes. */
    private static boolean isBeyond(UUID id, UUID place, boolean isAscending) {
        if (place == null) {
            return true;
        }
        int high = Long.compareUnsigned(id.getMostSignificantBits(), place.getMostSignificantBits());
        int order =
                high != 0 ? high : Long.compareUnsigned(id.getLeastSignificantBits(), place.getLeastSignificantBits());
        return isAscending ? order > 0 : order < 0;
    }

    /** The events of a site, if they are few; else null. */
    private List<UUID> few(String site) {
        List<UUID> ids = database.sql("SELECT id FROM relay_event WHERE site = ? LIMIT ?")
                .params(site, FEW + 1)
                .query(UUID.class)
                .list();
        return ids.size() > FEW ? null : ids;
    }

    /** Those of the given events that match, the newest first. */
    List<EventQuery.Row> among(List<UUID> ids, EventQuery query) {
        return among(ids, ROWS, query, false, ids.size());
    }

    /** With no other condition on the id: of two, H2 takes the range, and reads all that is in it. */
    private <T> List<T> among(List<UUID> ids, Reading<T> reading, EventQuery query, boolean isAscending, int most) {
        if (ids.isEmpty()) {
            return List.of();
        }
        List<Object> parameters = new ArrayList<>();
        StringBuilder sql =
                new StringBuilder("SELECT " + reading.columns() + " FROM relay_event" + query.where(parameters));
        add(sql, parameters, " AND id = ANY(?)", EventLog.ids(ids.stream()));
        parameters.add(most);
        return database.sql(sql + " ORDER BY id" + (isAscending ? "" : " DESC") + " LIMIT ?")
                .params(parameters)
                .query(reading.row())
                .list();
    }

    /** The last id of the next slice, read in an index alone; null when the slice is the last one. */
    private UUID last(EventQuery query, UUID place, boolean isAscending, int length) {
        List<Object> parameters = new ArrayList<>();
        StringBuilder sql = new StringBuilder("SELECT id FROM relay_event WHERE 1 = 1");
        if (query.status() != null) {
            add(sql, parameters, " AND status = ?", query.status());
        }
        addPlaces(sql, parameters, query, place, null, isAscending);
        parameters.add(length - 1);
        return database.sql(sql + order(query, isAscending) + " LIMIT 1 OFFSET ?")
                .params(parameters)
                .query(UUID.class)
                .optional()
                .orElse(null);
    }

    /**
     * By site or name of event without a look at any row that is of another: both stand in the index of the status, so
     * it is asked status by status for ids.
     */
    private <T> List<T> narrowed(
            Reading<T> reading, EventQuery query, UUID place, UUID last, boolean isAscending, int most) {
        List<UUID> ids = new ArrayList<>();
        for (String status : query.status() == null ? STATUSES : List.of(query.status())) {
            List<Object> parameters = new ArrayList<>();
            EventQuery ofStatus = query.withStatus(status);
            StringBuilder sql = new StringBuilder("SELECT id FROM relay_event" + where(ofStatus, parameters));
            addPlaces(sql, parameters, query, place, last, isAscending);
            parameters.add(most);
            ids.addAll(database.sql(sql + order(ofStatus, isAscending) + " LIMIT ?")
                    .params(parameters)
                    .query(UUID.class)
                    .list());
        }
        return among(ids, reading, query, isAscending, most);
    }

    private <T> List<T> slice(
            Reading<T> reading, EventQuery query, UUID place, UUID last, boolean isAscending, int most) {
        List<Object> parameters = new ArrayList<>();
        StringBuilder sql =
                new StringBuilder("SELECT " + reading.columns() + " FROM relay_event" + where(query, parameters));
        addPlaces(sql, parameters, query, place, last, isAscending);
        parameters.add(most);
        return database.sql(sql + order(query, isAscending) + " LIMIT ?")
                .params(parameters)
                .query(reading.row())
                .list();
    }

    /** The site as it is no index's first column, or H2 would read and sort all that the site has for each slice. */
    private static String where(EventQuery query, List<Object> parameters) {
        return query.where(parameters).replace(" AND site = ?", " AND COALESCE(site, '') = ?");
    }

    private static void addPlaces(
            StringBuilder sql, List<Object> parameters, EventQuery query, UUID place, UUID last, boolean isAscending) {
        add(sql, parameters, isAscending ? " AND id > ?" : " AND id < ?", place);
        add(sql, parameters, isAscending ? " AND id <= ?" : " AND id >= ?", last);
        if (query.since() != null) {
            add(sql, parameters, " AND id >= ?", idAt(query.since().toInstant().minus(ID_IS_OFF)));
        }
        if (query.until() != null) {
            add(sql, parameters, " AND id < ?", idAt(query.until().toInstant().plus(ID_IS_OFF)));
        }
    }

    /** The order of an index, to its letter. */
    private static String order(EventQuery query, boolean isAscending) {
        String direction = isAscending ? "" : " DESC";
        return " ORDER BY " + (query.status() == null ? "" : "status" + direction + ", ") + "id" + direction;
    }

    private static void add(StringBuilder sql, List<Object> parameters, String condition, Object value) {
        if (value != null) {
            sql.append(condition);
            parameters.add(value);
        }
    }

    /** The lowest id of a UUIDv7 (RFC 9562) that is made at that time. */
    static UUID idAt(Instant time) {
        long millis = Math.max(0, time.toEpochMilli());
        return new UUID(millis << RANDOM_BITS_OF_TIME | VERSION_7, VARIANT);
    }

    /** When an id was made. */
    static OffsetDateTime timeOf(UUID id) {
        return Instant.ofEpochMilli(id.getMostSignificantBits() >>> RANDOM_BITS_OF_TIME)
                .atOffset(ZoneOffset.UTC);
    }
}
