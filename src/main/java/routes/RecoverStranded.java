package routes;

import events.Claims;
import java.time.Duration;
import java.time.Instant;
import operations.Settings;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Finds events whose message the broker lost (its journal is gone, a queue was purged, a broker of somebody else's gave
 * up delivering) and puts them back into the outbox. A queue is in order: once a watermark comes out of it, whatever was
 * sent long before it has come out too, and an event that still waits then waits for nothing.
 */
public final class RecoverStranded extends RouteBuilder {
    /** The header with the time, in epoch milliseconds, at which the watermark was sent. */
    public static final String WATERMARK = "RelayWatermark";

    private static final Duration PERIOD = Duration.ofMinutes(1);
    /**
     * Beside the time that the AI may take: longer than a message is in hand, or waits after a worker gave it back. If
     * wrong, one more claim; never a second effect.
     */
    private static final Duration MARGIN = Duration.ofMinutes(5);

    private static final Logger LOG = LoggerFactory.getLogger(RecoverStranded.class);

    private Claims claims;
    private Duration margin;

    @Override
    public void configure() {
        claims = getContext().getRegistry().findSingleByType(Claims.class);
        margin = MARGIN.plus(
                getContext().getRegistry().findSingleByType(Settings.class).ai().timeout());
        // A broker that is away is told of by dispatch-events; the next watermark does as well as this one.
        errorHandler(defaultErrorHandler().disableRedelivery().logExhausted(false));
        onException(Exception.class).handled(true);

        from("timer:send-watermark?delay=" + PERIOD.toMillis() + "&period=" + PERIOD.toMillis())
                .routeId("send-watermark")
                .description("Sends a watermark through the queue once a minute, however many relays there are.")
                .process(RecoverStranded::watermark)
                .to("activemq:queue:relay.events?transacted=false")
                .id("queue-watermark");

        from("direct:recover-stranded")
                .routeId("recover-stranded")
                .description("The watermark is through: dispatches again what should have come out before it.")
                .errorHandler(noErrorHandler())
                .process(this::redispatch)
                .id("redispatch-stranded")
                .to(DispatchEvents.WAKE)
                .id("signal-stranded");
    }

    /** The broker keeps one of those that several relays send in the same minute. */
    private static void watermark(Exchange exchange) {
        long now = System.currentTimeMillis();
        exchange.getMessage().setHeader(WATERMARK, now);
        exchange.getMessage().setHeader("_AMQ_DUPL_ID", "watermark/" + now / PERIOD.toMillis());
        exchange.getMessage().setBody("watermark");
    }

    private void redispatch(Exchange exchange) {
        long sent = exchange.getMessage().getHeader(WATERMARK, Long.class);
        try {
            redispatch(sent);
        } catch (DataAccessException e) {
            // The next one does as well; those of an outage would all come at its end.
            LOG.debug("A watermark came while the event log was away", e);
        }
    }

    private void redispatch(long sent) {
        Instant before = Instant.ofEpochMilli(sent).minus(margin);
        for (int found = claims.redispatchStranded(before); found > 0; found = claims.redispatchStranded(before)) {
            LOG.warn("{} events had lost their message in the queue; they are dispatched again", found);
        }
    }
}
