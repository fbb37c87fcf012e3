package routes;

import contact.Silence;
import events.WaitingEvents;
import java.time.Clock;
import javax.sql.DataSource;
import operations.CloseOnStop;
import operations.OverviewApi;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Registry;
import statistics.BacklogSamples;
import statistics.CountWriter;
import statistics.EventCounts;
import statistics.MinuteCounts;
import statistics.Overview;
import wordpress.SitePauses;

/** The wiring of what is counted over time. */
final class StatisticsBeans {
    private final Clock clock;
    private final Registry registry;

    StatisticsBeans(Clock clock, Registry registry) {
        this.clock = clock;
        this.registry = registry;
    }

    void bind(CamelContext context) throws Exception {
        DataSource dataSource = registry.findSingleByType(DataSource.class);
        WaitingEvents waiting = new WaitingEvents(dataSource, clock);
        registry.bind("waitingEvents", waiting);
        MinuteCounts counts = new MinuteCounts(clock);
        CountWriter writer = new CountWriter(counts, dataSource);
        registry.bind("eventCounts", new EventCounts(counts, clock));
        registry.bind("countWriter", writer);
        registry.bind("backlogSamples", new BacklogSamples(dataSource, waiting, clock));
        SitePauses pauses = registry.findSingleByType(SitePauses.class);
        Silence silence = registry.findSingleByType(Silence.class);
        Overview overview = new Overview(writer, dataSource, waiting, pauses, silence, clock);
        registry.bind("overview", overview);
        registry.bind("overviewApi", new OverviewApi(overview, clock));
        context.addService(new CloseOnStop(writer::writeIfPossible));
    }
}
