package contact;

import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What this relay has heard from sites and not written down yet: cheap to add to, since every request does. What a crash
 * forgets looks as if it had not come, and the site is asked for it.
 */
public final class Heard {
    /** Beyond it a number is nonsense: no sender in another language than ours could count so far. */
    private static final long HIGHEST = (1L << 53) - 1;

    private final Clock clock;
    private final Map<String, Instant> times = new ConcurrentHashMap<>();
    private final Map<String, Ranges> numbers = new ConcurrentHashMap<>();

    public Heard(Clock clock) {
        this.clock = clock;
    }

    /** A request of the site's verified. */
    public void from(String site) {
        times.put(site, clock.instant());
    }

    /** An event is recorded, now or before. @param number that the plugin gave it; 0 for none */
    public void event(String site, long number) {
        if (number > 0 && number <= HIGHEST) {
            numbers.compute(site, (name, ranges) -> {
                Ranges mine = ranges == null ? new Ranges() : ranges;
                mine.add(number, clock.instant());
                return mine;
            });
        }
    }

    /** When a site was last heard; null if not since the start. */
    Instant time(String site) {
        return times.get(site);
    }

    Map<String, Instant> times() {
        return new HashMap<>(times);
    }

    /** Takes the numbers of all sites out. */
    Map<String, Ranges> takeNumbers() {
        Map<String, Ranges> taken = new HashMap<>();
        for (String site : numbers.keySet()) {
            Ranges ranges = numbers.remove(site);
            if (ranges != null) {
                taken.put(site, ranges);
            }
        }
        return taken;
    }

    /** Puts back what could not be written down. */
    void putBack(String site, Ranges taken) {
        Instant now = clock.instant();
        numbers.merge(site, taken, (newer, older) -> {
            older.addAll(newer, now);
            return older;
        });
    }
}
