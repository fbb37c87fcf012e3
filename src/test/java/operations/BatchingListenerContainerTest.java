package operations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.apache.camel.component.jms.JmsComponent;
import org.apache.camel.component.jms.JmsConfiguration;
import org.apache.camel.component.jms.JmsEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jms.listener.DefaultMessageListenerContainer;

/** When a batch is committed, seen from the session of one worker, in the order in which Spring's container calls. */
class BatchingListenerContainerTest {
    private final List<String> calls = new ArrayList<>();
    private final Session session = fake(Session.class);
    private final MessageConsumer consumer = fake(MessageConsumer.class);
    private final Queue<Message> waiting = new ArrayDeque<>();
    private final Message message = fake(Message.class);
    private DefaultCamelContext context;
    private BatchingListenerContainer container;
    private long now;

    @BeforeEach
    void start() {
        context = new DefaultCamelContext();
        JmsEndpoint endpoint = new JmsEndpoint("jms:queue", new JmsComponent(), "queue", false, new JmsConfiguration());
        endpoint.setCamelContext(context);
        endpoint.start();
        container = new BatchingListenerContainer(endpoint, () -> now);
        container.setConnectionFactory(fake(ConnectionFactory.class));
        container.setSessionTransacted(true);
        container.setCacheLevel(DefaultMessageListenerContainer.CACHE_NONE);
        container.start();
    }

    @AfterEach
    void stop() throws JMSException {
        container.commitIfNecessary(session, null); // the batch belongs to the thread
        container.stop();
        context.stop();
    }

    private <T> T fake(Class<T> type) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> {
                    calls.add(method.getName());
                    return switch (method.getName()) {
                        case "getTransacted" -> true;
                        case "receive" -> waiting.poll();
                        case "hashCode" -> System.identityHashCode(proxy);
                        default -> null;
                    };
                }));
    }

    /** @return what the session and the consumer were asked for meanwhile */
    private List<String> calls() {
        List<String> now = calls.stream()
                .filter(call -> call.startsWith("receive") || call.equals("commit"))
                .toList();
        calls.clear();
        return now;
    }

    private void work() throws JMSException {
        waiting.add(message);
        assertSame(message, container.receiveMessage(consumer));
        container.commitIfNecessary(session, message);
    }

    private void findNothing() throws JMSException {
        assertNull(container.receiveMessage(consumer));
        container.commitIfNecessary(session, null);
    }

    @Test
    void messages_that_are_there_share_a_commit_which_comes_when_there_is_none_left() throws JMSException {
        work();
        work();
        findNothing();
        assertEquals(List.of("receive", "receive", "receive", "commit"), calls());
    }

    @Test
    void a_worker_without_work_waits_for_it_in_the_broker() throws JMSException {
        work();
        findNothing();
        calls();
        findNothing();
        findNothing();
        assertEquals(List.of("receive", "commit", "receive", "commit"), calls());
    }

    @Test
    void what_was_sent_in_place_of_a_message_is_committed_with_it_at_once() throws JMSException {
        waiting.add(message);
        container.receiveMessage(consumer);
        BatchingListenerContainer.commitAfterThis();
        container.commitIfNecessary(session, message);
        work();
        assertEquals(List.of("receive", "commit", "receive"), calls(), "the next batch is not urgent");
    }

    @Test
    void a_message_that_takes_long_is_committed_without_a_look_for_the_next() throws JMSException {
        waiting.add(message);
        container.receiveMessage(consumer);
        now += Duration.ofMillis(10).toNanos();
        container.commitIfNecessary(session, message);
        assertEquals(List.of("receive", "commit"), calls());
    }

    @Test
    void a_container_that_stops_commits_and_takes_nothing_more() throws JMSException {
        work();
        container.stop();
        waiting.add(message);
        findNothing();
        assertEquals(List.of("receive", "commit"), calls());
    }

    @Test
    void a_container_that_is_shut_down_wakes_a_worker_that_waits() throws Exception {
        CountDownLatch waits = new CountDownLatch(1);
        CountDownLatch isClosed = new CountDownLatch(1);
        MessageConsumer patient = (MessageConsumer) Proxy.newProxyInstance(
                MessageConsumer.class.getClassLoader(),
                new Class<?>[] {MessageConsumer.class},
                (proxy, method, given) -> {
                    switch (method.getName()) {
                        case "receive" -> {
                            waits.countDown();
                            isClosed.await();
                        }
                        case "close" -> isClosed.countDown();
                        case "hashCode" -> {
                            return System.identityHashCode(proxy);
                        }
                        case "equals" -> {
                            return proxy == given[0];
                        }
                        default -> {}
                    }
                    return null;
                });
        Future<Message> worker = worker(() -> container.receiveMessage(patient));
        waits.await();
        container.doShutdown();
        assertNull(worker.get(10, TimeUnit.SECONDS));
        assertNull(container.receiveMessage(patient), "nor does one that comes late");
    }

    private static <T> Future<T> worker(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    @Test
    void a_batch_that_was_rolled_back_is_over() throws JMSException {
        work();
        container.rollbackIfNecessary(session);
        findNothing();
        assertEquals(List.of("receive", "receive", "commit"), calls());
    }
}
