package statistics;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * What this relay has counted and not yet written down. To count is an addition in memory: no lock, no database. What a
 * crash loses is what was counted since {@link CountWriter} came last.
 */
public final class MinuteCounts {
    /** In the place of a site: of all of them. */
    static final String ALL = "";

    private static final long MINUTES_AN_HOUR = 60;

    private final Clock clock;
    private final Map<Cell, LongAdder> cells = new ConcurrentHashMap<>();
    /** How much of each cell is written down; of the one thread that writes. */
    private final Map<Cell, Long> written = new HashMap<>();

    /** @param minute since 1970; of a site, the first of the hour */
    record Cell(long minute, String site, String name) {
        long hour() {
            return minute / MINUTES_AN_HOUR;
        }
    }

    public MinuteCounts(Clock clock) {
        this.clock = clock;
    }

    /** @param site null: of none that is known */
    void count(String site, String name) {
        long minute = minute();
        add(new Cell(minute, ALL, name));
        if (site != null) {
            add(new Cell(minute - minute % MINUTES_AN_HOUR, site, name));
        }
    }

    void count(Histogram histogram, long milliseconds) {
        add(new Cell(minute(), ALL, histogram.name(milliseconds)));
    }

    private void add(Cell cell) {
        LongAdder adder = cells.get(cell);
        (adder == null ? cells.computeIfAbsent(cell, some -> new LongAdder()) : adder).increment();
    }

    private long minute() {
        return TimeUnit.MILLISECONDS.toMinutes(clock.millis());
    }

    /** What was counted since it was {@link #wrote written} last. */
    synchronized Map<Cell, Long> unwritten() {
        Map<Cell, Long> unwritten = new HashMap<>();
        cells.forEach((cell, adder) -> {
            long more = adder.sum() - written.getOrDefault(cell, 0L);
            if (more > 0) {
                unwritten.put(cell, more);
            }
        });
        return unwritten;
    }

    /** Forgets what nobody adds to any more: whoever was about to in its minute has done so in the next. */
    synchronized void wrote(Map<Cell, Long> counts) {
        counts.forEach((cell, more) -> written.merge(cell, more, Long::sum));
        long minute = minute();
        cells.forEach((cell, adder) -> {
            long length = cell.site().equals(ALL) ? 1 : MINUTES_AN_HOUR;
            if (cell.minute() + length < minute && adder.sum() == written.getOrDefault(cell, 0L)) {
                cells.remove(cell);
                written.remove(cell);
            }
        });
    }
}
