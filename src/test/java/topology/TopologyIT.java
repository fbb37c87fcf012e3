package topology;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chaos.Receiver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.net.ssl.SSLSocket;
import operations.RelayProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.Samples;

/** The processes of docker/compose.yaml, on its configuration, under a steady load while parts of it go and come. */
class TopologyIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /** So many more are accepted before something is taken for working. */
    private static final int SOME = 20;

    @TempDir
    static Path directory;

    private static Topology topology;

    @BeforeAll
    static void start() throws Exception {
        topology = new Topology(directory);
        await().atMost(PATIENCE).until(() -> isAccepted("first"));
    }

    @AfterAll
    static void stop() {
        if (topology != null) {
            topology.close();
        }
    }

    private static boolean isAccepted(String key) {
        return topology.client()
                        .send(
                                key,
                                Samples.comment(key, "Hello")
                                        .put("comment_id", 7)
                                        .toString())
                        .status()
                == 202;
    }

    private static void awaitSomeAccepted(Traffic traffic) {
        int before = traffic.accepted();
        await().atMost(PATIENCE).until(() -> traffic.accepted() >= before + SOME);
    }

    /** Each event that was sent was accepted, and has one effect. */
    private static void settle(Traffic traffic) {
        await().atMost(PATIENCE).until(traffic::isAllAccepted);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertEquals(
                        List.of(), traffic.without(1, topology.receiver().effects()::count)));
    }

    @Test
    void a_rolling_restart_fails_no_request() throws Exception {
        try (Traffic traffic = new Traffic(topology.client())) {
            for (RelayProcess relay : topology.relays()) {
                awaitSomeAccepted(traffic);
                assertEquals(0, relay.terminate());
                awaitSomeAccepted(traffic);
                relay.start();
                awaitUp(2);
            }
            settle(traffic);
            assertEquals(Set.of(202), traffic.answers().keySet(), traffic::failures);
        }
    }

    @Test
    void events_keep_flowing_while_a_relay_is_killed_and_comes_back() throws Exception {
        try (Traffic traffic = new Traffic(topology.client())) {
            awaitSomeAccepted(traffic);
            topology.relay(true).kill();
            awaitSomeAccepted(traffic);
            topology.relay(true).start();
            awaitUp(2);
            awaitSomeAccepted(traffic);
            settle(traffic);
            assertFew(traffic);
        }
    }

    @Test
    void events_keep_flowing_while_the_backup_of_the_broker_takes_over() throws Exception {
        try (Traffic traffic = new Traffic(topology.client())) {
            awaitSomeAccepted(traffic);
            topology.primary().kill();
            int before = topology.receiver().effects().size();
            await().atMost(PATIENCE).until(() -> topology.receiver().effects().size() >= before + 2 * SOME);
            topology.primary().start();
            topology.primary().awaitLog("The broker is up.");
            awaitSomeAccepted(traffic);
            settle(traffic);
            assertEquals(Set.of(202), traffic.answers().keySet(), "the intake does not need the broker");
        }
    }

    @Test
    void a_restart_of_the_database_is_answered_503_and_loses_nothing() throws Exception {
        try (Traffic traffic = new Traffic(topology.client())) {
            awaitSomeAccepted(traffic);
            topology.database().stop();
            await().atMost(PATIENCE).until(() -> traffic.answers().containsKey(503));
            topology.database().start();
            awaitSomeAccepted(traffic);
            settle(traffic);
            assertEquals(Set.of(202, 503), traffic.answers().keySet(), traffic::failures);
        }
    }

    @Test
    void both_relays_count_the_same_backlog_and_the_same_dead_letters() throws Exception {
        List<String> keys = IntStream.range(0, 5).mapToObj(i -> "refused-" + i).toList();
        for (int i = 0; i < keys.size(); i++) {
            topology.receiver().poison(500 + i);
            String event = Samples.comment(keys.get(i), "Hello")
                    .put("comment_id", 500 + i)
                    .toString();
            assertEquals(202, topology.client().send(keys.get(i), event).status());
        }
        await().atMost(PATIENCE).untilAsserted(() -> assertEquals(List.of(5.0, 5.0), metric("relay_dead_letters")));
        topology.receiver().mode(Receiver.Mode.ERROR_500);
        try {
            IntStream.range(0, 10).forEach(i -> assertTrue(isAccepted("waiting-" + i)));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertEquals(List.of(10.0, 10.0), metric("relay_queue_depth")));
        } finally {
            topology.receiver().mode(Receiver.Mode.OK);
        }
        await().atMost(PATIENCE).untilAsserted(() -> assertEquals(List.of(0.0, 0.0), metric("relay_queue_depth")));
    }

    @Test
    void the_relays_believe_the_proxy_where_a_sender_is_and_not_the_sender() throws Exception {
        assertEquals(202, answerTo(Topology.SENDER, "at-home"));
        assertEquals(403, answerTo("127.0.0.66", "abroad"));
    }

    /** What a sender is answered that has another address than it says. */
    private static int answerTo(String address, String key) throws IOException {
        byte[] body = Samples.comment(key, "Hello").toString().getBytes(StandardCharsets.UTF_8);
        String head = topology.client().headers(key, body).entrySet().stream()
                .map(header -> header.getKey() + ": " + header.getValue() + "\r\n")
                .collect(Collectors.joining());
        try (SSLSocket socket =
                (SSLSocket) topology.certificate().trust().getSocketFactory().createSocket()) {
            socket.bind(new InetSocketAddress(address, 0));
            socket.connect(new InetSocketAddress("127.0.0.1", topology.proxyPort()));
            socket.getOutputStream()
                    .write(("POST /webhooks/wp HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: " + Topology.SENDER
                                    + "\r\nConnection: close\r\nContent-Length: " + body.length + "\r\n" + head
                                    + "\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(body);
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Integer.parseInt(answer.split(" ")[1]);
        }
    }

    /** A kill may cost what was under way at that moment, and nothing after it. */
    private static void assertFew(Traffic traffic) {
        Map<Integer, Integer> answers = traffic.answers();
        int failed = answers.values().stream().mapToInt(Integer::intValue).sum() - answers.get(202);
        assertTrue(failed <= SOME, () -> "answers " + answers);
    }

    /** Waits until the proxy gives requests to so many relays. */
    private static void awaitUp(int count) {
        await().atMost(PATIENCE).until(() -> topology.up() == count);
    }

    /** Of each relay. */
    private static List<Double> metric(String name) throws Exception {
        List<Double> values = new ArrayList<>();
        for (RelayProcess relay : topology.relays()) {
            values.add(get("http://127.0.0.1:" + relay.managementPort() + "/observe/metrics")
                    .lines()
                    .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .sum());
        }
        return values;
    }

    static String get(String url) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
