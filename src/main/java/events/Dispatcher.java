package events;

import java.util.List;
import java.util.function.Consumer;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Moves a batch of events from the outbox to the queue. The order of the two commits is what loses nothing: the broker
 * has the messages before the database says so. A crash in between sends them again, and the broker knows them by
 * their id.
 */
public final class Dispatcher {
    private static final int BATCH = 256;

    private final Outbox outbox;
    private final TransactionTemplate database;
    private final TransactionTemplate broker;

    public Dispatcher(Outbox outbox, TransactionTemplate database, TransactionTemplate broker) {
        this.outbox = outbox;
        this.database = database;
        this.broker = broker;
    }

    /**
     * @param send puts one event into the queue, within the broker's transaction of the calling thread
     * @return true when more may be waiting
     */
    public boolean dispatchBatch(Consumer<QueuedEvent> send) {
        return Boolean.TRUE.equals(database.execute(databaseTransaction -> {
            List<QueuedEvent> batch = outbox.lock(BATCH);
            if (!batch.isEmpty()) {
                broker.executeWithoutResult(brokerTransaction -> batch.forEach(send));
                outbox.markDispatched(batch);
            }
            return batch.size() == BATCH;
        }));
    }
}
