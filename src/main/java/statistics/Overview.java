package statistics;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import contact.Silence;
import events.WaitingEvents;
import events.WaitingEvents.Now;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import wordpress.SitePauses;

/**
 * What happened within a span of time, and what waits now. Reads as many rows as there are minutes, and not events. What
 * this relay has counted is in it to the last; what others have, to some seconds ago.
 */
public final class Overview {
    /** The longest span. */
    public static final Duration LONGEST = BacklogSamples.KEPT;

    /** The steps from one point to the next, in minutes. */
    private static final int[] STEPS = {1, 2, 5, 10, 15, 30, 60, 120, 240, 360, 720, 1440};

    private static final int MOST_POINTS = 120;
    private static final int MIDDLE = 50;
    private static final int HIGH = 95;

    private final CountWriter counted;
    private final JdbcClient database;
    private final WaitingEvents waiting;
    private final SiteStates sites;
    private final Clock clock;

    /**
     * What was counted from a time on, until the next point.
     *
     * @param rejected answered 4xx, which is final
     * @param putOff answered 429 or 503, after which the sender comes again
     * @param failed became dead letters
     * @param intakeP50Ms how long the middle one took to be answered, in milliseconds; null when there was none
     * @param doneP50Ms from received to done, likewise
     * @param outbox the most that waited at once to be put into the queue; null where nobody looked
     * @param oldestSeconds how long the oldest that waited for nothing but its turn had waited, at most
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Point(
            OffsetDateTime at,
            long accepted,
            long duplicate,
            long rejected,
            long putOff,
            long done,
            long retried,
            long failed,
            Double intakeP50Ms,
            Double intakeP95Ms,
            Double doneP50Ms,
            Double doneP95Ms,
            Long outbox,
            Long waiting,
            Long oldestSeconds,
            Long dead) {}

    private record Waited(Long outbox, Long waiting, Long oldestSeconds, Long dead) {
        static final Waited UNKNOWN = new Waited(null, null, null, null);
    }

    /**
     * @param points one for each step, the last of which may not be over
     * @param total of the whole span
     * @param sites all that were ever heard, those that need looking after first
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Report(
            OffsetDateTime since,
            OffsetDateTime until,
            long stepSeconds,
            List<Point> points,
            Point total,
            Present now,
            List<SiteStates.SiteState> sites) {}

    /** @param counted writes down what is not yet, before each look */
    public Overview(
            CountWriter counted,
            DataSource dataSource,
            WaitingEvents waiting,
            SitePauses pauses,
            Silence silence,
            Clock clock) {
        this.counted = counted;
        this.database = JdbcClient.create(dataSource);
        this.waiting = waiting;
        this.sites = new SiteStates(dataSource, pauses, silence, clock);
        this.clock = clock;
    }

    /**
     * The span begins with a whole hour, since sites are counted by the hour, and what is said of all is to be of the same
     * time; and it ends with a whole step.
     *
     * @throws org.springframework.dao.DataAccessException when the database cannot be asked
     */
    public Report report(Instant since, Instant until) {
        counted.writeIfPossible();
        Instant begun = since.truncatedTo(ChronoUnit.HOURS);
        int step = step(Duration.between(begun, until));
        long first = minute(begun) / step;
        long last = Math.max(first, minute(until.minusMillis(1)) / step);
        Map<Long, Map<String, Long>> counts = counts(first, last, step);
        Map<Long, Waited> waited = waited(first, last, step);
        List<Point> points = new ArrayList<>();
        for (long number = first; number <= last; number++) {
            points.add(point(
                    time(number * step),
                    counts.getOrDefault(number, Map.of()),
                    waited.getOrDefault(number, Waited.UNKNOWN)));
        }
        Now now = waiting.read();
        OffsetDateTime begin = time(first * step);
        OffsetDateTime end = time((last + 1) * step);
        return new Report(
                begin,
                end,
                Duration.ofMinutes(step).toSeconds(),
                points,
                point(begin, sum(counts.values()), most(waited.values())),
                Present.of(now, OffsetDateTime.now(clock)),
                sites.read(now, begin.toInstant(), end.toInstant()));
    }

    /** The shortest that makes not too many points. */
    static int step(Duration span) {
        for (int step : STEPS) {
            if (span.toMinutes() <= (long) step * (MOST_POINTS - 1)) {
                return step;
            }
        }
        return STEPS[STEPS.length - 1];
    }

    private static long minute(Instant time) {
        return Duration.ofSeconds(time.getEpochSecond()).toMinutes();
    }

    private static OffsetDateTime time(long minute) {
        return Instant.EPOCH.plus(Duration.ofMinutes(minute)).atOffset(ZoneOffset.UTC);
    }

    private Map<Long, Map<String, Long>> counts(long first, long last, int step) {
        Map<Long, Map<String, Long>> counts = new HashMap<>();
        database.sql("SELECT epoch_minute / " + step + " AS point, name, sum(number) AS number FROM relay_minute"
                        + " WHERE epoch_minute >= ? AND epoch_minute < ? GROUP BY epoch_minute / " + step + ", name")
                .params(first * step, (last + 1) * step)
                .query(row -> {
                    counts.computeIfAbsent(row.getLong("point"), point -> new HashMap<>())
                            .put(row.getString("name"), row.getLong("number"));
                });
        return counts;
    }

    private Map<Long, Waited> waited(long first, long last, int step) {
        Map<Long, Waited> waited = new HashMap<>();
        database.sql("SELECT epoch_minute / " + step + " AS point, max(outbox) AS outbox, max(waiting) AS waiting,"
                        + " max(oldest_seconds) AS oldest_seconds, max(dead) AS dead FROM relay_backlog"
                        + " WHERE epoch_minute >= ? AND epoch_minute < ? GROUP BY epoch_minute / " + step)
                .params(first * step, (last + 1) * step)
                .query(row -> {
                    waited.put(
                            row.getLong("point"),
                            new Waited(
                                    row.getLong("outbox"),
                                    row.getLong("waiting"),
                                    row.getLong("oldest_seconds"),
                                    row.getLong("dead")));
                });
        return waited;
    }

    private static Map<String, Long> sum(Iterable<Map<String, Long>> counts) {
        Map<String, Long> sum = new HashMap<>();
        counts.forEach(some -> some.forEach((name, number) -> sum.merge(name, number, Long::sum)));
        return sum;
    }

    private static Waited most(Iterable<Waited> waited) {
        Waited most = Waited.UNKNOWN;
        for (Waited some : waited) {
            most = new Waited(
                    max(most.outbox(), some.outbox()),
                    max(most.waiting(), some.waiting()),
                    max(most.oldestSeconds(), some.oldestSeconds()),
                    max(most.dead(), some.dead()));
        }
        return most;
    }

    private static Long max(Long one, Long other) {
        return one == null || other > one ? other : one;
    }

    private static Point point(OffsetDateTime at, Map<String, Long> counts, Waited waited) {
        return new Point(
                at,
                counts.getOrDefault(EventCounts.ACCEPTED, 0L),
                counts.getOrDefault(EventCounts.DUPLICATE, 0L),
                counts.getOrDefault(EventCounts.REJECTED, 0L),
                counts.getOrDefault(EventCounts.PUT_OFF, 0L),
                counts.getOrDefault(EventCounts.DONE, 0L),
                counts.getOrDefault(EventCounts.RETRIED, 0L),
                counts.getOrDefault(EventCounts.FAILED, 0L),
                Histogram.INTAKE.percentile(counts, MIDDLE),
                Histogram.INTAKE.percentile(counts, HIGH),
                Histogram.DONE.percentile(counts, MIDDLE),
                Histogram.DONE.percentile(counts, HIGH),
                waited.outbox(),
                waited.waiting(),
                waited.oldestSeconds(),
                waited.dead());
    }
}
