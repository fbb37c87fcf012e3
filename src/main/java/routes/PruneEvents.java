package routes;

import events.FailureReason;
import events.Lease;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import operations.DatabaseMigration;
import operations.RelayMetrics;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Retention: finished events are forgotten after {@code relay.retention.days}, and with them, by cascade, their
 * attempts and answers; unfinished and dead ones never. Each batch is a transaction of its own, and nothing is held in
 * the pauses between them. In Java because what it deletes is gone.
 *
 * <p>The batches walk along the index of (status, id). An id begins with the time of arrival, and nothing is finished
 * before it arrived, so whatever is due for it lies before the id of that time; whether it is due, finished_at says: an
 * event that was replayed arrived long ago and was finished lately.
 */
public final class PruneEvents extends RouteBuilder {
    /** The plugin sends an event again for 7 days; another day for clocks and for events on their way. */
    static final int LEAST_RETENTION_DAYS = 8;

    private static final Logger LOG = LoggerFactory.getLogger(PruneEvents.class);
    private static final String TIMER = "timer:prune-events?delay=60000&period=300000";
    private static final String JDBC = "jdbc:dataSource?useHeadersAsParameters=true";
    private static final Duration PAUSE = Duration.ofMillis(200);

    /** Where a batch of 100 ends. In the order of the index, to its letter: with id alone H2 would sort all done ones. */
    private static final String FIND_BATCH = """
            SELECT id FROM relay_event WHERE status = 'done' AND id > :?after AND id < :?before
            ORDER BY status, id LIMIT 1 OFFSET 99""";

    private static final String DELETE_BATCH = """
            DELETE FROM relay_event WHERE status = 'done' AND id > :?after AND id <= :?upTo
            AND finished_at < :?finishedBefore""";

    private static final String IS_MORE = "RelayIsMoreToPrune";
    private static final String PRUNED = "RelayPruned";

    private final Clock clock = Clock.systemUTC();
    private DatabaseMigration tables;
    private Lease lease;
    private int retentionDays;

    @Override
    public void configure() {
        tables = getContext().getRegistry().findSingleByType(DatabaseMigration.class);
        lease = getContext().getRegistry().lookupByNameAndType("pruneLease", Lease.class);
        RelayMetrics metrics = getContext().getRegistry().findSingleByType(RelayMetrics.class);
        retentionDays = Integer.parseInt(getContext().resolvePropertyPlaceholders("{{relay.retention.days}}"));
        warnOfShortRetention();
        errorHandler(defaultErrorHandler().disableRedelivery().logExhausted(false));
        onException(Exception.class).handled(true).process(PruneEvents::goOnLater);

        from(TIMER)
                .routeId("prune-events")
                .description(
                        "Forgets finished events that are past their retention, batch by batch, one relay at a time.")
                .filter(exchange -> tables.isDone() && lease.take())
                .process(this::begin)
                .loopDoWhile(this::isToGoOn)
                .setBody(constant(FIND_BATCH))
                .to(JDBC)
                .id("find-batch")
                .process(PruneEvents::setEnd)
                .setBody(constant(DELETE_BATCH))
                .to(JDBC)
                .id("delete-batch")
                .process(PruneEvents::count)
                .process(metrics::pruned)
                .delay(PAUSE.toMillis())
                .syncDelayed()
                .end() // of the delay
                .end() // of the loop
                .process(this::end);
    }

    private void warnOfShortRetention() {
        if (retentionDays < LEAST_RETENTION_DAYS) {
            LOG.warn(
                    "RELAY_RETENTION_DAYS is {}: senders try again for 7 days, and an event that comes again after its"
                            + " key was forgotten is taken for a new one",
                    retentionDays);
        }
    }

    private void begin(Exchange exchange) {
        OffsetDateTime finishedBefore = OffsetDateTime.now(clock).minusDays(retentionDays);
        Message message = exchange.getMessage();
        message.setHeader("finishedBefore", finishedBefore);
        message.setHeader("after", new UUID(0, 0));
        message.setHeader("before", firstIdAt(finishedBefore));
        exchange.setProperty(IS_MORE, true);
        exchange.setProperty(PRUNED, 0);
    }

    /** The smallest UUIDv7 of a time (RFC 9562, 5.7): 48 bits of milliseconds, the version, the variant. */
    private static UUID firstIdAt(OffsetDateTime time) {
        return new UUID(time.toInstant().toEpochMilli() << 16 | 0x7000, Long.MIN_VALUE);
    }

    private boolean isToGoOn(Exchange exchange) {
        return exchange.getProperty(IS_MORE, Boolean.class) && !getContext().isStopping() && lease.renew();
    }

    /** What is left after the last full batch is the last batch. */
    private static void setEnd(Exchange exchange) {
        Message message = exchange.getMessage();
        List<?> found = message.getBody(List.class);
        exchange.setProperty(IS_MORE, !found.isEmpty());
        message.setHeader("upTo", found.isEmpty() ? message.getHeader("before") : ((Map<?, ?>) found.get(0)).get("id"));
    }

    private static void count(Exchange exchange) {
        Message message = exchange.getMessage();
        int deleted = message.getHeader("CamelJdbcUpdateCount", Integer.class);
        exchange.setProperty(PRUNED, exchange.getProperty(PRUNED, Integer.class) + deleted);
        message.setHeader("after", message.getHeader("upTo"));
    }

    private void end(Exchange exchange) {
        int pruned = exchange.getProperty(PRUNED, Integer.class);
        if (pruned > 0) {
            LOG.info("{} events that were finished more than {} days ago are forgotten", pruned, retentionDays);
        }
        lease.release();
    }

    /** What is pruned is pruned; the lease runs out by itself. */
    private static void goOnLater(Exchange exchange) {
        Throwable cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        LOG.warn(
                "Pruning stopped after {} events and goes on in some minutes: {}",
                exchange.getProperty(PRUNED, 0, Integer.class),
                FailureReason.rootLine(cause));
    }
}
