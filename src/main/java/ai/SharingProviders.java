package ai;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which providers can be asked about several events at a time, as this relay knows since its start: one whose model leaves
 * some out, or whose answers cannot be used, costs each of them twice.
 */
public final class SharingProviders {
    /** That many requests in a row without an answer for each event. */
    private static final int GIVEN_UP_AFTER = 3;
    /** Models are changed behind a name. */
    private static final Duration REMEMBERED = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger(SharingProviders.class);

    private final Clock clock;
    private final Map<String, Record> records = new ConcurrentHashMap<>();

    /** @param until when it is not asked so; null: it is */
    private record Record(int failures, Instant until) {
        private static final Record CLEAN = new Record(0, null);
    }

    public SharingProviders(Clock clock) {
        this.clock = clock;
    }

    boolean mayShare(String provider) {
        return !isGivenUp(records.getOrDefault(provider, Record.CLEAN));
    }

    private boolean isGivenUp(Record record) {
        return record.until() != null && clock.instant().isBefore(record.until());
    }

    /** @param isWhole whether there was an answer for each event of a request */
    void answered(String provider, boolean isWhole) {
        records.merge(
                provider,
                next(provider, Record.CLEAN, isWhole),
                (record, ignored) ->
                        // Of a request from before it was given up.
                        isGivenUp(record) ? record : next(provider, record, isWhole));
    }

    private Record next(String provider, Record record, boolean isWhole) {
        if (isWhole) {
            return Record.CLEAN;
        }
        int failures = record.failures() + 1;
        if (failures < GIVEN_UP_AFTER) {
            return new Record(failures, null);
        }
        LOG.warn(
                "{} had no answer for each of several events, {} requests in a row: for an hour it is asked about each alone",
                provider,
                failures);
        return new Record(0, clock.instant().plus(REMEMBERED));
    }
}
