package operations;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import java.time.Duration;
import org.apache.camel.component.jms.DefaultJmsMessageListenerContainer;
import org.apache.camel.component.jms.JmsEndpoint;

/**
 * Commits what a worker takes from the broker for several messages at once, as long as they come fast: a commit costs
 * about as much as a message. A message that takes longer than {@link #LONGEST}, and one in whose place another was sent
 * ({@link #commitNow}), is not kept waiting. So what a crash gives out again of a batch is done by then, and dropped
 * (events.Claims).
 */
public final class BatchingListenerContainer extends DefaultJmsMessageListenerContainer {
    private static final Duration LONGEST = Duration.ofMillis(10);
    private static final int MOST = 64;

    /** A worker is a thread with a session of its own. */
    private static final ThreadLocal<Batch> BATCHES = ThreadLocal.withInitial(Batch::new);

    private static final class Batch {
        private Session session;
        private int messages;
        private long since;
        private boolean isUrgent;

        private boolean isOpen() {
            return messages > 0;
        }

        private void add(Session of) {
            if (session != of || messages == 0) {
                session = of;
                messages = 0;
                since = System.nanoTime();
                isUrgent = false;
            }
            messages++;
        }

        private boolean isDue() {
            return isUrgent || messages >= MOST || System.nanoTime() - since >= LONGEST.toNanos();
        }

        private void end() {
            messages = 0;
            session = null;
        }
    }

    public BatchingListenerContainer(JmsEndpoint endpoint) {
        super(endpoint);
    }

    /** For whoever works on a message: it is committed as soon as it is worked on, and what came before it. */
    public static void commitNow() {
        BATCHES.get().isUrgent = true;
    }

    /** With messages that wait for their commit, only what is there already; and nothing any more when it stops. */
    @Override
    protected Message receiveMessage(MessageConsumer consumer) throws JMSException {
        if (!BATCHES.get().isOpen()) {
            return super.receiveMessage(consumer);
        }
        return isRunning() ? receiveFromConsumer(consumer, RECEIVE_TIMEOUT_NO_WAIT) : null;
    }

    @Override
    protected void messageReceived(Object invoker, Session session) {
        BATCHES.get().add(session);
        super.messageReceived(invoker, session);
    }

    /** @param message null when there is none left, which ends the batch */
    @Override
    protected void commitIfNecessary(Session session, Message message) throws JMSException {
        if (message == null || BATCHES.get().isDue() || !isRunning()) {
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
