package events;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSRuntimeException;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the messages of events that are replayed out of {@code relay.dead-letters}. The event log says what is dead, the
 * queue only shows it: so when the broker is away this logs, and the replay goes on.
 */
public final class DeadLetters {
    private static final String QUEUE = "relay.dead-letters";
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);

    private final ConnectionFactory broker;

    public DeadLetters(ConnectionFactory broker) {
        this.broker = broker;
    }

    /** Begins a removal, which has no effect until it is committed. */
    public Removal remove() {
        Removal removal = new Removal();
        removal.begin(broker);
        return removal;
    }

    /** One transaction with the broker. None of its methods throws. */
    public static final class Removal implements AutoCloseable {
        /** Null when the broker is away. */
        private JMSContext context;

        private void begin(ConnectionFactory broker) {
            attempt(none -> context = broker.createContext(JMSContext.SESSION_TRANSACTED));
        }

        /**
         * Receives what is there for these events: in one pass over the queue, however many they are. To be called
         * before they can be worked on again, or it would take what says that they failed once more.
         */
        public void receive(List<UUID> events) {
            String ids = events.stream().map(UUID::toString).collect(Collectors.joining("', '", "'", "'"));
            ifBegun(session -> {
                try (JMSConsumer consumer =
                        session.createConsumer(session.createQueue(QUEUE), "RelayId IN (" + ids + ")")) {
                    int received = 0;
                    while (consumer.receiveNoWait() != null) {
                        received++;
                    }
                    LOG.debug("{} dead letters of {} events were received", received, events.size());
                }
            });
        }

        public void commit() {
            ifBegun(JMSContext::commit);
        }

        /** Without a commit, everything stays in the queue. */
        @Override
        public void close() {
            ifBegun(JMSContext::close);
        }

        private void ifBegun(Consumer<JMSContext> step) {
            if (context != null) {
                attempt(step);
            }
        }

        private void attempt(Consumer<JMSContext> step) {
            try {
                step.accept(context);
            } catch (JMSRuntimeException e) {
                LOG.warn("Dead letters of replayed events may stay in {}: {}", QUEUE, e.getMessage());
            }
        }
    }
}
