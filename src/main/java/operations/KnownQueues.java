package operations;

import jakarta.jms.Destination;
import jakarta.jms.Session;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.jms.client.ActiveMQDestination;
import org.springframework.jms.support.destination.DestinationResolver;

/**
 * Gives all senders to a queue the same object for it. Artemis' client asks the broker three times whether a queue is
 * there before it sends to it, and remembers the answer on that object (ActiveMQSession.checkDestination); a new object
 * for each message, which is Spring's way, makes a send take four round trips instead of one. After a second it asks
 * again, since somebody may have deleted the queue.
 */
public final class KnownQueues implements DestinationResolver {
    private static final long KNOWN_FOR_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Map<String, Known> queues = new ConcurrentHashMap<>();

    private record Known(Destination queue, long since) {
        boolean isFresh(long now) {
            return now - since < KNOWN_FOR_NANOS;
        }
    }

    @Override
    public Destination resolveDestinationName(Session session, String name, boolean isTopic) {
        long now = System.nanoTime();
        return queues.compute(
                        name,
                        (key, known) -> known != null && known.isFresh(now)
                                ? known
                                : new Known(ActiveMQDestination.createQueue(name), now))
                .queue();
    }
}
