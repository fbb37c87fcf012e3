package events;

import java.util.Comparator;
import java.util.concurrent.Executor;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.support.AsyncProcessorSupport;
import org.apache.camel.support.service.ServiceSupport;

/**
 * The event log as Camel's idempotent repository: to add a key is to record the whole event, which the exchange
 * carries as its body. So there is never a key without its event, and nothing to remove after a failure. Requests that
 * come at the same time share a commit. One that went through {@link #recorder} has been recorded, or is known to be a
 * duplicate, before Camel adds its key: no thread waits for its commit.
 */
public final class EventLogIdempotentRepository extends ServiceSupport implements IdempotentRepository {
    /** The exchange property with whether the event of the exchange was recorded, by the recorder. */
    private static final String IS_ADDED = "RelayIsAdded";

    private final EventLog eventLog;
    private final GroupCommit<ReceivedEvent, Boolean> additions;
    private final Executor writer;

    /** @param writer writes what the recorder is given, and goes on with the exchange there */
    public EventLogIdempotentRepository(EventLog eventLog, EventLogHealth health, Executor writer) {
        this.eventLog = eventLog;
        this.writer = writer;
        this.additions = new GroupCommit<>(
                Comparator.comparing(ReceivedEvent::site).thenComparing(ReceivedEvent::key),
                events -> health.use(() -> eventLog.addAll(events)));
    }

    /** A step of a route: records the event that is the body, or fails as {@link #add} would. */
    public AsyncProcessor recorder() {
        return new AsyncProcessorSupport() {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                ReceivedEvent event = exchange.getMessage().getBody(ReceivedEvent.class);
                additions.writeLater(event, writer, (isAdded, failure) -> {
                    if (failure == null) {
                        exchange.setProperty(IS_ADDED, isAdded);
                    } else {
                        exchange.setException(failure);
                    }
                    callback.done(false);
                });
                return false;
            }
        };
    }

    @Override
    public boolean add(Exchange exchange, String key) {
        Boolean isAdded = exchange.getProperty(IS_ADDED, Boolean.class);
        return isAdded == null ? additions.write(exchange.getMessage().getBody(ReceivedEvent.class)) : isAdded;
    }

    @Override
    public boolean contains(Exchange exchange, String key) {
        ReceivedEvent event = exchange.getMessage().getBody(ReceivedEvent.class);
        return eventLog.find(event.site(), event.key()).isPresent();
    }

    @Override
    public boolean add(String key) {
        throw new UnsupportedOperationException("a key is recorded only together with its event");
    }

    @Override
    public boolean contains(String key) {
        throw new UnsupportedOperationException("a key belongs to a site, which the event names");
    }

    /** Keeps it: what was recorded was answered with 202 and stays recorded, whatever happens afterwards. */
    @Override
    public boolean remove(String key) {
        return false;
    }

    @Override
    public boolean confirm(String key) {
        return true;
    }

    @Override
    public void clear() {
        throw new UnsupportedOperationException("events are pruned by age, never cleared");
    }
}
