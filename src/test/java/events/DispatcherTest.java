package events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/** The order of the two commits, with a broker whose commit may fail. */
class DispatcherTest {
    @TempDir
    Path directory;

    private final BrokerTransactions broker = new BrokerTransactions();
    private final List<UUID> alone = new ArrayList<>();
    private final List<Integer> messages = new ArrayList<>();
    private int eventsInAMessage = 1;
    private HikariDataSource dataSource;
    private EventLog eventLog;
    private Dispatcher dispatcher;

    /** What is sent counts when the broker has committed it. */
    private static final class BrokerTransactions extends AbstractPlatformTransactionManager {
        private static final long serialVersionUID = 1L;
        private final transient List<UUID> sent = new ArrayList<>();
        private final transient List<UUID> committed = new ArrayList<>();
        private transient Runnable onCommit = () -> {};

        @Override
        protected Object doGetTransaction() {
            return this;
        }

        @Override
        protected void doBegin(Object transaction, TransactionDefinition definition) {
            sent.clear();
        }

        @Override
        protected void doCommit(DefaultTransactionStatus status) {
            onCommit.run();
            committed.addAll(sent);
        }

        @Override
        protected void doRollback(DefaultTransactionStatus status) {
            sent.clear();
        }
    }

    @BeforeEach
    void start() throws Exception {
        dataSource = TestDatabase.H2.create(directory);
        eventLog = new EventLog(dataSource, Clock.systemUTC());
        dispatcher = new Dispatcher(
                new Outbox(dataSource, Clock.systemUTC()),
                new TransactionTemplate(new DataSourceTransactionManager(dataSource)),
                new TransactionTemplate(broker),
                waiting -> eventsInAMessage);
    }

    @AfterEach
    void stop() {
        dataSource.close();
    }

    private List<UUID> add(int events) {
        List<UUID> ids = new ArrayList<>();
        for (int number = 0; number < events; number++) {
            UUID id = EventLog.nextId();
            byte[] payload = "{}".getBytes(StandardCharsets.UTF_8);
            assertTrue(eventLog.add(
                    new ReceivedEvent(id, "site", "key-" + number, "post.published", payload, "request", null)));
            ids.add(id);
        }
        return ids;
    }

    @Test
    void a_batch_shares_its_message_with_nobody() {
        eventsInAMessage = 32;
        for (String event :
                List.of("post.published", "post.published", BatchItems.EVENT, BatchItems.EVENT, "lead.captured")) {
            byte[] payload = "{}".getBytes(StandardCharsets.UTF_8);
            UUID id = EventLog.nextId();
            eventLog.add(new ReceivedEvent(id, "site", "key-" + id, event, payload, "request", null));
        }
        dispatch();
        assertEquals(List.of(2, 1, 1, 1), messages);
    }

    private boolean dispatch() {
        return dispatch(events -> events.forEach(event -> alone.add(event.id())));
    }

    private boolean dispatch(Consumer<List<QueuedEvent>> sendAlone) {
        return dispatcher.dispatchBatch(256, this::send, sendAlone);
    }

    private void send(List<QueuedEvent> events) {
        messages.add(events.size());
        events.forEach(event -> broker.sent.add(event.id()));
    }

    private int waiting() {
        return new JdbcTemplate(dataSource)
                .queryForObject("SELECT count(*) FROM relay_event WHERE dispatched_at IS NULL", Integer.class);
    }

    @Test
    void a_batch_is_in_the_queue_before_the_event_log_says_so() {
        List<UUID> ids = add(3);
        broker.onCommit = () -> assertEquals(3, waiting(), "not marked before the broker has it");
        assertFalse(dispatch());
        assertEquals(ids, broker.committed);
        assertEquals(0, waiting());
        assertEquals(List.of(), alone);
    }

    @Test
    void a_full_batch_says_that_more_may_wait() {
        add(257);
        assertTrue(dispatch());
        assertEquals(1, waiting());
        assertFalse(dispatch());
        assertEquals(257, broker.committed.size());
    }

    @Test
    void events_that_take_moments_share_messages_in_their_order() {
        eventsInAMessage = 4;
        List<UUID> ids = add(10);
        assertFalse(dispatch());
        assertEquals(List.of(4, 4, 2), messages);
        assertEquals(ids, broker.committed);
        assertEquals(0, waiting());
    }

    @Test
    void only_events_that_were_replayed_equally_often_share_a_message() {
        eventsInAMessage = 4;
        List<UUID> ids = add(3);
        new JdbcTemplate(dataSource).update("UPDATE relay_event SET replays = 1 WHERE id = ?", ids.get(1));
        assertFalse(dispatch());
        assertEquals(List.of(1, 1, 1), messages);
        assertEquals(ids, broker.committed);
    }

    @Test
    void without_events_the_broker_is_left_alone() {
        broker.onCommit = () -> fail("there is nothing to commit");
        assertFalse(dispatch());
    }

    @Test
    void a_batch_that_the_broker_does_not_take_goes_one_by_one() {
        List<UUID> ids = add(2);
        broker.onCommit = BrokerAway::refuse;
        assertFalse(dispatch());
        assertEquals(ids, alone);
        assertEquals(0, waiting());
    }

    @Test
    void while_the_broker_is_away_everything_stays_in_the_outbox() {
        add(2);
        broker.onCommit = BrokerAway::refuse;
        assertThrows(BrokerAway.class, () -> dispatch(event -> BrokerAway.refuse()));
        assertEquals(2, waiting());
        broker.onCommit = () -> {};
        assertFalse(dispatch());
        assertEquals(2, broker.committed.size());
        assertEquals(0, waiting());
    }

    private static final class BrokerAway extends RuntimeException {
        private static final long serialVersionUID = 1L;

        static void refuse() {
            throw new BrokerAway();
        }
    }
}
