package routes;

import events.ClaimCheck;
import events.DispatchPace;
import events.Dispatcher;
import events.FailureReason;
import events.QueuedEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import operations.DatabaseMigration;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tracing.SendSpans;

/**
 * The one way to the queue: a signal after each insert and a timer both wake the dispatcher, so what a crash left
 * behind goes the way that everything goes. In Java because it is transactional.
 */
public final class DispatchEvents extends RouteBuilder {
    static final String WAKE = "seda:dispatch-events?size=1&discardWhenFull=true&waitForTaskToComplete=Never";
    /** After a dispatch that failed nobody tries for so long, though each event that comes in wakes the dispatcher. */
    private static final Duration REST = Duration.ofMillis(500);

    private static final Logger LOG = LoggerFactory.getLogger(DispatchEvents.class);

    private DatabaseMigration tables;
    private Dispatcher dispatcher;
    private DispatchPace pace;
    private ProducerTemplate producer;
    /** In nanoseconds of the JVM's clock; null while all is well. */
    private Long interruptedAt;

    @Override
    public void configure() {
        dispatcher = getContext().getRegistry().findSingleByType(Dispatcher.class);
        pace = getContext().getRegistry().findSingleByType(DispatchPace.class);
        tables = getContext().getRegistry().findSingleByType(DatabaseMigration.class);
        producer = getContext().createProducerTemplate();

        from("timer:wake-dispatcher?period=1000&delay=0")
                .routeId("wake-dispatcher")
                .description("Wakes the dispatcher every second, whatever else happens.")
                .to(WAKE);

        from("seda:dispatch-events?size=1")
                .routeId("dispatch-events")
                .description("Sends what waits in the event log to the queue, batch by batch.")
                .process(this::dispatch)
                .id("dispatch");

        from("direct:queue-events")
                .routeId("queue-events")
                .description("Puts events into the queue, as a Claim Check: their payload stays in the event log.")
                .process(DispatchEvents::claimCheck)
                .to("activemq:queue:relay.events")
                .id("send-to-queue");

        from("direct:queue-events-alone")
                .routeId("queue-events-alone")
                .description("As queue-events, in no transaction: a message that the broker knows already is dropped.")
                .process(DispatchEvents::claimCheck)
                .to("activemq:queue:relay.events?transacted=false")
                .id("send-alone-to-queue");
    }

    private void dispatch(Exchange exchange) {
        if (!tables.isDone() || interruptedAt != null && System.nanoTime() - interruptedAt < REST.toNanos()) {
            return;
        }
        try {
            boolean isMore;
            do {
                isMore = dispatcher.dispatchBatch(
                        pace.batch(),
                        events -> producer.sendBody("direct:queue-events", events),
                        events -> producer.sendBody("direct:queue-events-alone", events));
            } while (isMore && !pace.isBurst());
            if (interruptedAt != null) {
                LOG.info("Events go to the queue again");
            }
            interruptedAt = null;
            LockSupport.parkNanos(pace.rest().toNanos());
        } catch (RuntimeException e) {
            // Said once, not every second: the events wait in the event log and go when the way is free.
            if (interruptedAt == null) {
                LOG.warn(
                        "Events wait in the event log, since they cannot be dispatched: {}", FailureReason.rootLine(e));
            }
            interruptedAt = System.nanoTime();
        }
    }

    @SuppressWarnings("unchecked") // what dispatch sends
    private static void claimCheck(Exchange exchange) {
        Message message = exchange.getMessage();
        List<QueuedEvent> events = message.getBody(List.class);
        exchange.setProperty(SendSpans.QUEUED, events);
        ClaimCheck.write(message, events);
    }
}
