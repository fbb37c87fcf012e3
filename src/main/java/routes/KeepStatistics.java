package routes;

import events.FailureReason;
import operations.DatabaseMigration;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import statistics.BacklogSamples;
import statistics.CountWriter;

/** What is counted in memory is written down every ten seconds, so that a crash loses no more of it. */
public final class KeepStatistics extends RouteBuilder {
    private static final Logger LOG = LoggerFactory.getLogger(KeepStatistics.class);

    @Override
    public void configure() {
        DatabaseMigration tables = getContext().getRegistry().findSingleByType(DatabaseMigration.class);
        CountWriter counts = getContext().getRegistry().findSingleByType(CountWriter.class);
        BacklogSamples backlog = getContext().getRegistry().findSingleByType(BacklogSamples.class);
        errorHandler(defaultErrorHandler().disableRedelivery().logExhausted(false));
        // A database that is away is told of by others, and the next time does as well as this one.
        onException(Exception.class).handled(true).process(KeepStatistics::later);

        from("timer:keep-statistics?delay=10000&period=10000")
                .routeId("keep-statistics")
                .description("Writes down what was counted of requests and events, and once a minute how much waits.")
                .filter(exchange -> tables.isDone())
                .process(exchange -> counts.write())
                .id("write-counts")
                .process(exchange -> backlog.take())
                .id("sample-backlog");
    }

    private static void later(Exchange exchange) {
        Throwable cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        LOG.debug("{} goes on in some seconds: {}", exchange.getFromRouteId(), FailureReason.rootLine(cause));
    }
}
