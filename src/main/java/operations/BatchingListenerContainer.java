package operations;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import java.time.Duration;
import org.apache.camel.component.jms.DefaultJmsMessageListenerContainer;
import org.apache.camel.component.jms.JmsEndpoint;
import org.springframework.jms.support.JmsUtils;

/**
 * Commits what a worker takes from the broker for several messages at once, as long as they come fast: a commit costs
 * about as much as a message. What takes longer than {@link #LONGEST} has its commit to itself. A crash gives out again
 * what was not committed, which is done or fenced by then (events.Claims).
 */
public final class BatchingListenerContainer extends DefaultJmsMessageListenerContainer {
    private static final Duration LONGEST = Duration.ofMillis(10);
    private static final int MOST = 64;

    /** A worker is a thread with a session of its own. */
    private final ThreadLocal<Batch> batches = ThreadLocal.withInitial(Batch::new);

    private static final class Batch {
        private Session session;
        private int messages;
        private long since;

        private boolean isOpen() {
            return messages > 0;
        }

        private void add(Session of) {
            if (session != of || messages == 0) {
                session = of;
                messages = 0;
                since = System.nanoTime();
            }
            messages++;
        }

        private boolean isFull() {
            return messages >= MOST || System.nanoTime() - since >= LONGEST.toNanos();
        }

        private void end() {
            messages = 0;
            session = null;
        }
    }

    public BatchingListenerContainer(JmsEndpoint endpoint) {
        super(endpoint);
    }

    /** With messages that wait for their commit, only what is there already. */
    @Override
    protected Message receiveMessage(MessageConsumer consumer) throws JMSException {
        return batches.get().isOpen()
                ? receiveFromConsumer(consumer, RECEIVE_TIMEOUT_NO_WAIT)
                : super.receiveMessage(consumer);
    }

    @Override
    protected void commitIfNecessary(Session session, Message message) throws JMSException {
        Batch batch = batches.get();
        batch.add(session);
        if (batch.isFull() || !isRunning()) {
            batch.end();
            super.commitIfNecessary(session, message);
        }
    }

    @Override
    protected void noMessageReceived(Object invoker, Session session) {
        Batch batch = batches.get();
        if (batch.isOpen() && batch.session == session) {
            batch.end();
            try {
                super.commitIfNecessary(session, null);
            } catch (JMSException e) {
                throw JmsUtils.convertJmsAccessException(e);
            }
        }
        super.noMessageReceived(invoker, session);
    }

    @Override
    protected void rollbackIfNecessary(Session session) throws JMSException {
        batches.get().end();
        super.rollbackIfNecessary(session);
    }

    @Override
    protected void rollbackOnExceptionIfNecessary(Session session, Throwable failure) throws JMSException {
        batches.get().end();
        super.rollbackOnExceptionIfNecessary(session, failure);
    }
}
