package events;

import java.util.Comparator;
import org.apache.camel.Exchange;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.support.service.ServiceSupport;

/**
 * The event log as Camel's idempotent repository: to add a key is to record the whole event, which the exchange
 * carries as its body. So there is never a key without its event, and nothing to remove after a failure. Requests that
 * come at the same time share a commit.
 */
public final class EventLogIdempotentRepository extends ServiceSupport implements IdempotentRepository {
    private final EventLog eventLog;
    private final GroupCommit<ReceivedEvent, Boolean> additions;

    public EventLogIdempotentRepository(EventLog eventLog, EventLogHealth health) {
        this.eventLog = eventLog;
        this.additions = new GroupCommit<>(
                Comparator.comparing(ReceivedEvent::site).thenComparing(ReceivedEvent::key),
                events -> health.use(() -> eventLog.addAll(events)));
    }

    @Override
    public boolean add(Exchange exchange, String key) {
        ReceivedEvent event = exchange.getMessage().getBody(ReceivedEvent.class);
        return additions.write(event);
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
