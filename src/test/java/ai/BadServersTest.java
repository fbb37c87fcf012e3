package ai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import events.FailureReason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers that do not keep to HTTP, byte for byte; with those of {@link ChatAnswerTest} and {@link FallbackTest}. */
class BadServersTest extends AskRoutesSupport {

    private static final String GOOD = completionBody();
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

    /** Writes one answer. */
    private interface Server {
        void answer(OutputStream out) throws IOException, InterruptedException;
    }

    private static final AtomicInteger CONNECTIONS = new AtomicInteger();
    private static final Map<Socket, Boolean> OPEN = new ConcurrentHashMap<>();
    private static ServerSocket listener;
    private static volatile Server server;
    private static volatile boolean keepsAlive;

    @BeforeAll
    static void listen() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(BadServersTest::accept);
    }

    @AfterAll
    static void close() throws IOException {
        listener.close();
        for (Socket socket : OPEN.keySet()) {
            socket.close();
        }
    }

    @BeforeEach
    void count() {
        CONNECTIONS.set(0);
        keepsAlive = false;
    }

    @Override
    protected Properties useOverridePropertiesWithPropertiesComponent() {
        Properties properties = super.useOverridePropertiesWithPropertiesComponent();
        properties.put("ai.base.url", "http://127.0.0.1:" + listener.getLocalPort() + "/v1");
        return properties;
    }

    static Stream<Arguments> well() {
        return Stream.of(
                Arguments.of("as it should", text(OK + "Content-Length: " + GOOD.length() + "\r\n\r\n" + GOOD)),
                Arguments.of("HTTP/1.0, to the end of the connection", text("HTTP/1.0 200 OK\r\n\r\n" + GOOD)),
                Arguments.of("without a length", text(OK + "Connection: close\r\n\r\n" + GOOD)),
                Arguments.of(
                        "in chunks",
                        text(OK + "Transfer-Encoding: chunked\r\n\r\n" + chunk(GOOD.substring(0, 9))
                                + chunk(GOOD.substring(9)) + "0\r\n\r\n")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("well")
    void a_server_that_answers(String how, Server answering) {
        server = answering;
        Exchange asked = ask();
        assertNull(asked.getException());
        assertEquals("spam", asked.getMessage().getBody(Map.class).get("verdict"));
    }

    static Stream<Arguments> badly() {
        return Stream.of(
                Arguments.of("less than it says", "Premature end", text(OK + "Content-Length: 9999\r\n\r\n" + GOOD)),
                Arguments.of("a cut-off chunk", "chunk", text(OK + "Transfer-Encoding: chunked\r\n\r\nfff\r\n" + GOOD)),
                Arguments.of("more than it says", "not JSON", text(OK + "Content-Length: 20\r\n\r\n" + GOOD)),
                Arguments.of("nothing", "failed to respond", text("")),
                Arguments.of("no HTTP", "", text("SSH-2.0-OpenSSH_9.6\r\n\r\n")),
                Arguments.of("compressed", "compressed", gzipped()),
                Arguments.of(
                        "a redirect",
                        "answered 302",
                        text("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n" + "Content-Length: 0\r\n\r\n")),
                Arguments.of(
                        "an error as 200",
                        "200 with an error: overloaded",
                        body("{\"error\":{\"type\":\"overloaded\"}}")),
                Arguments.of("a page", "not JSON", body("<html><body>Bad gateway</body></html>")),
                Arguments.of("half an answer", "not JSON", body(GOOD.substring(0, GOOD.length() / 2))),
                Arguments.of("without end", "longer than", (Server) out -> {
                    out.write((OK + "\r\n").getBytes(StandardCharsets.UTF_8));
                    byte[] piece = " ".repeat(65_536).getBytes(StandardCharsets.UTF_8);
                    for (int i = 0; i < 1_000; i++) {
                        out.write(piece);
                    }
                }),
                Arguments.of("a byte now and then", "no complete answer within", (Server) out -> {
                    out.write((OK + "\r\n").getBytes(StandardCharsets.UTF_8));
                    for (int i = 0; i < 100; i++) {
                        out.write(' ');
                        out.flush();
                        Thread.sleep(200);
                    }
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badly")
    void a_server_that_answers_badly_is_given_up_with_a_reason(String how, String reason, Server answering) {
        server = answering;
        Exchange asked = ask();
        Exception failure = asked.getException();
        assertNotNull(failure);
        assertEquals("moderate_comment", asked.getMessage().getHeader("RelayAiTask"), "for whoever is asked next");
        String said = FailureReason.of(failure);
        assertTrue(said.contains(reason), said);
        assertFalse(said.isBlank() || said.endsWith("null") || said.contains("\n"), said);
    }

    @Test
    void one_connection_serves_one_question_after_another() {
        keepsAlive = true;
        server = text(OK + "Content-Length: " + GOOD.length() + "\r\n\r\n" + GOOD);
        for (int i = 0; i < 3; i++) {
            assertNull(ask().getException());
        }
        assertEquals(1, CONNECTIONS.get());
    }

    private static void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                CONNECTIONS.incrementAndGet();
                OPEN.put(socket, true);
                daemon(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void serve(Socket socket) {
        try (socket) {
            do {
                if (!readRequest(socket.getInputStream())) {
                    return;
                }
                server.answer(socket.getOutputStream());
                socket.getOutputStream().flush();
            } while (keepsAlive);
        } catch (IOException | InterruptedException e) {
            // The client has hung up, as it should.
        }
    }

    /** The head, and as much as it says that follows. */
    private static boolean readRequest(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int octet = in.read();
            if (octet < 0) {
                return false;
            }
            head.append((char) octet);
        }
        String length = head.toString().replaceAll("(?is).*content-length: *(\\d+).*", "$1");
        if (length.matches("\\d+")) {
            in.readNBytes(Integer.parseInt(length));
        } else {
            readChunks(in);
        }
        return true;
    }

    private static void readChunks(InputStream in) throws IOException {
        StringBuilder body = new StringBuilder();
        while (body.indexOf("\r\n0\r\n\r\n") < 0) {
            body.append((char) in.read());
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
    }

    private static Server text(String answer) {
        return out -> out.write(answer.getBytes(StandardCharsets.UTF_8));
    }

    private static Server body(String body) {
        return text(OK + "Content-Length: " + body.length() + "\r\n\r\n" + body);
    }

    private static Server gzipped() {
        return out -> {
            ByteArrayOutputStream zipped = new ByteArrayOutputStream();
            try (GZIPOutputStream zip = new GZIPOutputStream(zipped)) {
                zip.write(GOOD.getBytes(StandardCharsets.UTF_8));
            }
            out.write((OK + "Content-Encoding: gzip\r\nContent-Length: " + zipped.size() + "\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            zipped.writeTo(out);
        };
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }

    private static String completionBody() {
        try {
            return "{\"choices\":[{\"finish_reason\":\"stop\",\"message\":{\"content\":"
                    + new ObjectMapper().writeValueAsString(VERDICT) + "}}]}";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
