package events;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Moves a batch of events from the outbox to the queue. The order of the two commits is what loses nothing: the broker
 * has the messages before the database says so. A crash in between sends them again, and the broker knows them by
 * their ids. Events that take moments share a message.
 */
public final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    private final Outbox outbox;
    private final TransactionTemplate database;
    private final TransactionTemplate broker;
    private final IntUnaryOperator eventsInAMessage;

    /** @param eventsInAMessage of so many that wait how many may share one, at least 1 */
    public Dispatcher(
            Outbox outbox,
            TransactionTemplate database,
            TransactionTemplate broker,
            IntUnaryOperator eventsInAMessage) {
        this.outbox = outbox;
        this.database = database;
        this.broker = broker;
        this.eventsInAMessage = eventsInAMessage;
    }

    /**
     * @param most how many events there may be in the batch
     * @param send puts events into the queue as one message, within the broker's transaction of the calling thread
     * @param sendAlone puts events into the queue as one message, in no transaction
     * @return true when more may be waiting
     */
    public boolean dispatchBatch(int most, Consumer<List<QueuedEvent>> send, Consumer<List<QueuedEvent>> sendAlone) {
        return Boolean.TRUE.equals(database.execute(databaseTransaction -> {
            List<QueuedEvent> batch = outbox.lock(most);
            if (!batch.isEmpty()) {
                queue(messages(batch), send, sendAlone);
                outbox.markDispatched(batch);
            }
            return batch.size() == most;
        }));
    }

    /**
     * Of events that share one each has been replayed equally often, since the message says how often. One that
     * nobody is to wait for, as a batch, has one of its own.
     */
    private List<List<QueuedEvent>> messages(List<QueuedEvent> batch) {
        int most = eventsInAMessage.applyAsInt(batch.size());
        List<List<QueuedEvent>> messages = new ArrayList<>();
        List<QueuedEvent> last = List.of();
        for (QueuedEvent event : batch) {
            if (last.isEmpty() || last.size() >= most || !mayShare(last.get(0), event)) {
                last = new ArrayList<>();
                messages.add(last);
            }
            last.add(event);
        }
        return messages;
    }

    private static boolean mayShare(QueuedEvent first, QueuedEvent next) {
        return first.replays() == next.replays() && !Lengthy.is(first.event()) && !Lengthy.is(next.event());
    }

    /**
     * A message that the broker knows already is dropped when it comes alone, but takes the whole transaction with it
     * when it comes in one (Artemis, PostOfficeImpl). So a batch that fails goes again one by one; if the broker is
     * away, the first of these fails too.
     */
    private void queue(
            List<List<QueuedEvent>> messages, Consumer<List<QueuedEvent>> send, Consumer<List<QueuedEvent>> sendAlone) {
        try {
            broker.executeWithoutResult(transaction -> messages.forEach(send));
        } catch (RuntimeException e) {
            LOG.debug("A batch of {} messages goes again one by one", messages.size(), e);
            messages.forEach(sendAlone);
        }
    }
}
