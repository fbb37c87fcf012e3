package ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Before a real server with two event loops, with clients over sockets and a clock that the test moves. */
class ConnectionGuardTest {
    private static final String HEAD = "POST / HTTP/1.1\r\nHost: relay\r\nContent-Length: 4\r\n\r\n";

    /** More than there may be requests under way, as it is in the relay. */
    private static final int MOST_CONNECTIONS = ConnectionGuard.MOST_REQUESTS + 2;

    private final AtomicLong nanoTime = new AtomicLong();
    private final ConnectionGuard guard = new ConnectionGuard(nanoTime::get, MOST_CONNECTIONS);
    private final AtomicInteger begun = new AtomicInteger();
    private final Vertx vertx = Vertx.vertx();
    private final List<Socket> sockets = new ArrayList<>();
    private final List<Connected> connected = new CopyOnWriteArrayList<>();
    private int port;

    private record Connected(HttpConnection connection, Context loop) {}

    @BeforeEach
    void listen() throws Exception {
        Router router = Router.router(vertx);
        router.route().failureHandler(closed -> {}).handler(this::count);
        router.route().handler(guard::begin);
        router.route().handler(BodyHandler.create(false));
        router.route("/works").handler(request -> {});
        router.route().handler(request -> request.end("done"));
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        vertx.deployVerticle(() -> new Server(router), new DeploymentOptions().setInstances(2))
                .toCompletionStage()
                .toCompletableFuture()
                .get();
    }

    private final class Server extends AbstractVerticle {
        private final Router router;

        private Server(Router router) {
            this.router = router;
        }

        @Override
        public void start(Promise<Void> started) {
            vertx.createHttpServer(new HttpServerOptions().setHttp2ClearTextEnabled(false))
                    .connectionHandler(connection -> {
                        connected.add(new Connected(connection, Vertx.currentContext()));
                        guard.connected(connection);
                    })
                    .requestHandler(router)
                    .listen(port, "127.0.0.1")
                    .<Void>mapEmpty()
                    .onComplete(started);
        }
    }

    @AfterEach
    void close() throws Exception {
        for (Socket socket : sockets) {
            socket.close();
        }
        vertx.close().toCompletionStage().toCompletableFuture().get();
    }

    private Socket send(String text) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        sockets.add(socket);
        send(socket, text);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String answer(Socket socket) throws IOException {
        socket.setSoTimeout(10_000);
        byte[] buffer = new byte[4096];
        int length = socket.getInputStream().read(buffer);
        return length < 0 ? "closed" : new String(buffer, 0, length, StandardCharsets.US_ASCII);
    }

    private static boolean isOpen(Socket socket) throws IOException {
        socket.setSoTimeout(200);
        try {
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException e) {
            return true;
        }
    }

    private void later(Duration duration) {
        nanoTime.addAndGet(duration.toNanos());
        guard.sweep();
    }

    @Test
    void a_head_that_does_not_come_to_its_end_is_waited_for_so_long_and_no_longer() throws Exception {
        Socket slow = send("POST / HTTP/1.1\r\nHost: re");
        Awaitility.await().until(() -> guard.connections() == 1);
        later(ConnectionGuard.LONGEST_REQUEST);
        assertTrue(isOpen(slow));
        send(slow, "lay\r\nX-Slow: ");
        later(Duration.ofMillis(1));
        assertEquals("closed", answer(slow));
    }

    @Test
    void a_body_that_does_not_come_to_its_end_is_waited_for_so_long_and_no_longer() throws Exception {
        Socket slow = send(HEAD + "12");
        Awaitility.await().until(() -> begun.get() == 1);
        later(ConnectionGuard.LONGEST_REQUEST);
        send(slow, "3");
        assertTrue(isOpen(slow));
        later(Duration.ofMillis(1));
        assertEquals("closed", answer(slow));
    }

    @Test
    void a_connection_may_rest_longer_between_requests() throws Exception {
        Socket client = send(HEAD + "1234");
        assertTrue(answer(client).startsWith("HTTP/1.1 200"));
        later(ConnectionGuard.LONGEST_REST);
        send(client, HEAD + "1234");
        assertTrue(answer(client).startsWith("HTTP/1.1 200"));
        later(ConnectionGuard.LONGEST_REST.plusMillis(1));
        assertEquals("closed", answer(client));
    }

    @Test
    void when_too_many_are_connected_the_one_that_has_rested_longest_gives_way() throws Exception {
        Socket idlest = send(HEAD + "1234");
        assertTrue(answer(idlest).startsWith("HTTP/1.1 200"));
        nanoTime.addAndGet(Duration.ofSeconds(1).toNanos());
        for (int i = 1; i < MOST_CONNECTIONS; i++) {
            assertTrue(answer(send(HEAD + "1234")).startsWith("HTTP/1.1 200"));
        }
        assertTrue(isOpen(idlest));
        assertTrue(answer(send(HEAD + "1234")).startsWith("HTTP/1.1 200"));
        assertEquals("closed", answer(idlest));
        assertTrue(isOpen(sockets.get(1)));
    }

    @Test
    void when_too_many_have_begun_the_oldest_that_is_not_complete_gives_way() throws Exception {
        Socket oldest = send(HEAD + "1");
        Awaitility.await().until(() -> begun.get() == 1);
        for (int i = 1; i < ConnectionGuard.MOST_REQUESTS; i++) {
            send(HEAD + "1");
        }
        Awaitility.await().until(() -> begun.get() == ConnectionGuard.MOST_REQUESTS);
        assertTrue(isOpen(oldest));
        assertTrue(answer(send(HEAD + "1234")).startsWith("HTTP/1.1 200"));
        assertEquals("closed", answer(oldest));
        assertTrue(isOpen(sockets.get(1)));
    }

    @Test
    void who_gives_way_keeps_no_other_event_loop_waiting() throws Exception {
        send(HEAD + "1");
        Awaitility.await().until(() -> begun.get() == 1);
        Connected oldest = connected.get(0);
        Socket elsewhere;
        do {
            int before = connected.size();
            elsewhere = send("");
            Awaitility.await().until(() -> connected.size() > before);
        } while (connected.get(connected.size() - 1).loop() == oldest.loop());
        for (int i = 1; i < ConnectionGuard.MOST_REQUESTS; i++) {
            send(HEAD + "1");
        }
        Awaitility.await().until(() -> begun.get() == ConnectionGuard.MOST_REQUESTS);
        // As an event loop does that answers a request.
        synchronized (oldest.connection()) {
            send(elsewhere, HEAD + "1234");
            assertTrue(answer(elsewhere).startsWith("HTTP/1.1 200"));
        }
        assertEquals("closed", answer(sockets.get(0)));
    }

    @Test
    void when_all_that_have_begun_are_complete_another_is_told_to_come_again() throws Exception {
        for (int i = 0; i < ConnectionGuard.MOST_REQUESTS; i++) {
            send(HEAD.replace("POST /", "POST /works") + "1234");
        }
        Awaitility.await().until(() -> begun.get() == ConnectionGuard.MOST_REQUESTS);
        Socket another = send(HEAD + "1234");
        String answer = answer(another);
        assertTrue(answer.startsWith("HTTP/1.1 429"), answer);
        assertTrue(answer.contains("{\"error\":\"busy\"}"), answer);
        assertTrue(answer.toLowerCase(Locale.ROOT).contains("retry-after: 2"), answer);
        assertEquals("closed", answer(another));
    }

    private void count(RoutingContext request) {
        begun.incrementAndGet();
        request.next();
    }
}
