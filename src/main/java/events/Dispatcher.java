package events;

import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Moves a batch of events from the outbox to the queue. The order of the two commits is what loses nothing: the broker
 * has the messages before the database says so. A crash in between sends them again, and the broker knows them by
 * their id.
 */
public final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
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
     * @param sendAlone puts one event into the queue in no transaction
     * @return true when more may be waiting
     */
    public boolean dispatchBatch(Consumer<QueuedEvent> send, Consumer<QueuedEvent> sendAlone) {
        return Boolean.TRUE.equals(database.execute(databaseTransaction -> {
            List<QueuedEvent> batch = outbox.lock(BATCH);
            if (!batch.isEmpty()) {
                queue(batch, send, sendAlone);
                outbox.markDispatched(batch);
            }
            return batch.size() == BATCH;
        }));
    }

    /**
     * A message that the broker knows already is dropped when it comes alone, but takes the whole transaction with it
     * when it comes in one (Artemis, PostOfficeImpl). So a batch that fails goes again one by one; if the broker is
     * away, the first of these fails too.
     */
    private void queue(List<QueuedEvent> batch, Consumer<QueuedEvent> send, Consumer<QueuedEvent> sendAlone) {
        try {
            broker.executeWithoutResult(transaction -> batch.forEach(send));
        } catch (RuntimeException e) {
            LOG.debug("A batch of {} events goes again one by one", batch.size(), e);
            batch.forEach(sendAlone);
        }
    }
}
