package ai;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which providers can be asked about several events at a time: one whose model mixes them up costs each of them twice. */
public final class SharingModels {
    /** That many requests in a row without an answer for each event. */
    private static final int GIVEN_UP_AFTER = 3;
    /** Models are changed behind a name. */
    private static final Duration REMEMBERED = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger(SharingModels.class);

    private final Clock clock;
    private final Map<String, Record> records = new ConcurrentHashMap<>();

    /** @param until when it is not asked so; null: it is */
    private record Record(int failures, Instant until) {
        private static final Record CLEAN = new Record(0, null);
    }

    public SharingModels(Clock clock) {
        this.clock = clock;
    }

    boolean mayShare(String provider) {
        Instant until = records.getOrDefault(provider, Record.CLEAN).until();
        return until == null || !clock.instant().isBefore(until);
    }

    /** @param isWhole whether there was an answer for each event of a request */
    void answered(String provider, boolean isWhole) {
        records.compute(provider, (name, record) -> isWhole ? Record.CLEAN : failedAgain(name, record));
    }

    private Record failedAgain(String provider, Record record) {
        int failures = record == null ? 1 : record.failures() + 1;
        if (failures < GIVEN_UP_AFTER) {
            return new Record(failures, null);
        }
        LOG.warn(
                "{} has no answer for each of several events, {} requests in a row: for an hour it is asked about each alone",
                provider,
                failures);
        return new Record(0, clock.instant().plus(REMEMBERED));
    }
}
