package statistics;

import contact.Silence;
import events.WaitingEvents;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Predicate;
import javax.sql.DataSource;
import wordpress.SitePauses;

/** An overview of a database, as a relay has it. */
public final class TestOverview {
    private TestOverview() {}

    /**
     * @param counts of the relay
     * @param silence after which a site is silent; zero: never
     * @param hasAddress whether a site can be asked
     */
    public static Overview of(
            MinuteCounts counts, DataSource dataSource, Duration silence, Predicate<String> hasAddress, Clock clock) {
        return new Overview(
                new CountWriter(counts, dataSource),
                dataSource,
                new WaitingEvents(dataSource, clock),
                new SitePauses(dataSource, clock),
                new Silence(silence, hasAddress),
                clock);
    }
}
