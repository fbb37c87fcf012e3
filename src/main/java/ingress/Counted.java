package ingress;

import events.Backlog;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The backlog as it was counted last.
 *
 * @param at when, in nanoseconds of a clock that nobody sets
 * @param took how long the count took, in nanoseconds
 * @param isKnown whether there is a count at all
 * @param due the events of all sites that do not wait for a later try
 * @param sites the unfinished events of each site
 */
record Counted(long at, long took, boolean isKnown, Level due, Map<String, Level> sites) {
    private static final double NANOS_A_SECOND = Duration.ofSeconds(1).toNanos();
    private static final long REST = Duration.ofSeconds(1).toNanos();
    private static final long HURRIED_REST = Duration.ofMillis(100).toNanos();
    /** A count that takes long is made seldom: at most a fiftieth of the time goes into counting. */
    private static final long REST_FACTOR = 50;
    /** A count that is overdue for longer says nothing any more. */
    private static final long LATEST = Duration.ofSeconds(5).toNanos();

    /** @param now when the count was tried */
    static Counted unknown(long now) {
        return new Counted(now, 0, false, Level.NONE, Map.of());
    }

    /**
     * @param start when the count began
     * @param accepted how many events this relay had accepted then, by site
     */
    Counted next(long start, long end, List<Backlog.OfSite> counted, Map<String, Long> accepted) {
        Map<String, Long> unfinished = new HashMap<>();
        accepted.keySet().forEach(site -> unfinished.put(site, 0L));
        counted.forEach(site -> unfinished.put(site.site(), site.unfinished()));
        Map<String, Level> levels = new HashMap<>();
        unfinished.forEach((site, waiting) ->
                levels.put(site, level(site(site), waiting, accepted.getOrDefault(site, 0L), start)));
        long dueNow = counted.stream().mapToLong(Backlog.OfSite::due).sum();
        long acceptedInAll =
                accepted.values().stream().mapToLong(Long::longValue).sum();
        return new Counted(start, end - start, true, level(due, dueNow, acceptedInAll, start), levels);
    }

    private Level level(Level last, long waiting, long accepted, long start) {
        return isKnown ? last.next(waiting, accepted, seconds(start)) : new Level(waiting, accepted, Double.NaN);
    }

    /** How old it is, in seconds. */
    double seconds(long now) {
        return (now - at) / NANOS_A_SECOND;
    }

    boolean isOld(long now) {
        return now - at >= Math.max(REST, took * REST_FACTOR);
    }

    /** For when only what came in since makes the backlog full: then it is counted sooner. */
    boolean isOldInAHurry(long now) {
        return now - at >= Math.max(HURRIED_REST, took * REST_FACTOR);
    }

    boolean isTrusted(long now) {
        return isKnown && now - at < Math.max(REST, took * REST_FACTOR) + LATEST;
    }

    Level site(String site) {
        return sites.getOrDefault(site, Level.NONE);
    }

    /** Whether there is room again, everywhere. */
    boolean isRoom(int limit) {
        return due.isRoom(limit) && sites.values().stream().allMatch(level -> level.isRoom(limit));
    }
}
