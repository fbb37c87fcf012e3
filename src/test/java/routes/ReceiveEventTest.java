package routes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Over plain HTTP, as behind a proxy that ends TLS. */
class ReceiveEventTest extends ReceiveEventContract {
    @Override
    TestRelay newRelay() {
        return new TestRelay(dataDir);
    }

    @Test
    void whoever_goes_away_in_the_middle_leaves_nothing_in_the_log() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger vertx = (Logger) LoggerFactory.getLogger("io.vertx");
        vertx.addAppender(log);
        try {
            try (Socket socket = new Socket("127.0.0.1", relay.port())) {
                String head = "POST /webhooks/wp HTTP/1.1\r\nHost: relay\r\nContent-Length: 1000\r\n\r\nhalf";
                socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                String key = Samples.key();
                assertEquals(202, client.send(key, Samples.post(key).toString()).status());
            }
            await().during(1, TimeUnit.SECONDS).until(log.list::isEmpty);
        } finally {
            vertx.detachAppender(log);
        }
    }
}
