package operations;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.apache.camel.component.jms.DefaultJmsMessageListenerContainer;
import org.apache.camel.component.jms.JmsEndpoint;
import org.springframework.jms.support.JmsUtils;

/**
 * Commits what a worker takes from the broker for several messages at once, as long as they come fast: a commit costs
 * about as much as a message. None is added once {@link #LONGEST} has passed since the first, nor after one in whose place
 * another was sent ({@link #commitAfterThis}). What waits for the commit is done: if a crash gives it out again, it is
 * dropped (events.Claims).
 */
public final class BatchingListenerContainer extends DefaultJmsMessageListenerContainer {
    private static final Duration LONGEST = Duration.ofMillis(10);
    private static final int MOST = 64;
    /** In milliseconds. What is in the queue comes within it; Artemis asks the server again before it says that none is. */
    private static final long A_MOMENT = 1;

    /** A worker is a thread with a session of its own. */
    private static final ThreadLocal<Batch> BATCHES = ThreadLocal.withInitial(Batch::new);

    private static final class Batch {
        private int messages;
        private long since;
        private boolean isUrgent;

        private boolean isOpen() {
            return messages > 0;
        }

        private void add(long now) {
            if (!isOpen()) {
                since = now;
                isUrgent = false;
            }
            messages++;
        }

        private boolean isDue(long now) {
            return isUrgent || messages >= MOST || now - since >= LONGEST.toNanos();
        }

        private void end() {
            messages = 0;
        }
    }

    private final LongSupplier nanoTime;
    /** Of workers that have nothing to do. */
    private final Set<MessageConsumer> waiting = ConcurrentHashMap.newKeySet();

    private volatile boolean isShutDown;

    public BatchingListenerContainer(JmsEndpoint endpoint) {
        this(endpoint, System::nanoTime);
    }

    /** @param nanoTime a clock that nobody sets */
    BatchingListenerContainer(JmsEndpoint endpoint, LongSupplier nanoTime) {
        super(endpoint);
        this.nanoTime = nanoTime;
    }

    /** For whoever works on a message: it, and what came before it, is not to wait for the next. */
    public static void commitAfterThis() {
        BATCHES.get().isUrgent = true;
    }

    /** With messages that wait for their commit, only what is there already; and nothing any more when it stops. */
    @Override
    protected Message receiveMessage(MessageConsumer consumer) throws JMSException {
        Batch batch = BATCHES.get();
        Message message = null;
        if (!batch.isOpen()) {
            message = await(consumer);
        } else if (isRunning()) {
            message = receiveFromConsumer(consumer, A_MOMENT);
        }
        if (message != null) {
            batch.add(nanoTime.getAsLong());
        }
        return message;
    }

    private Message await(MessageConsumer consumer) throws JMSException {
        waiting.add(consumer);
        try {
            return isShutDown ? null : super.receiveMessage(consumer);
        } finally {
            waiting.remove(consumer);
        }
    }

    /** Wakes the workers that wait for a message, which they do for long: closing it from elsewhere ends a receive. */
    @Override
    protected void doShutdown() throws JMSException {
        isShutDown = true;
        waiting.forEach(JmsUtils::closeMessageConsumer);
        super.doShutdown();
    }

    /** @param message null when there is none left, which ends the batch */
    @Override
    protected void commitIfNecessary(Session session, Message message) throws JMSException {
        if (message == null || BATCHES.get().isDue(nanoTime.getAsLong()) || !isRunning()) {
            BATCHES.get().end();
            super.commitIfNecessary(session, message);
        }
    }

    @Override
    protected void rollbackIfNecessary(Session session) throws JMSException {
        BATCHES.get().end();
        super.rollbackIfNecessary(session);
    }

    @Override
    protected void rollbackOnExceptionIfNecessary(Session session, Throwable failure) throws JMSException {
        BATCHES.get().end();
        super.rollbackOnExceptionIfNecessary(session, failure);
    }
}
