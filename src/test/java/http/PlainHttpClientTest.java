package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against servers that never come to an end, on a real socket. */
@Timeout(20)
class PlainHttpClientTest {
    private static final Duration LONGEST = Duration.ofMillis(500);
    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";

    private ServerSocket server;
    private CloseableHttpClient client;

    /** What a server does once it was asked something. */
    private interface Behaviour {
        void answer(OutputStream out) throws Exception;
    }

    @BeforeEach
    void setUp() throws IOException {
        server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        HttpClientBuilder builder = HttpClientBuilder.create();
        PlainHttpClient.configure(builder, LONGEST);
        client = builder.build();
    }

    @AfterEach
    void tearDown() throws IOException {
        client.close();
        server.close();
    }

    @Test
    void an_answer_that_is_there_in_time_is_read() throws Exception {
        serve(out -> out.write((HEAD + "Content-Length: 4\r\n\r\ndone").getBytes(StandardCharsets.UTF_8)));

        assertEquals("done", get());
    }

    @Test
    void a_body_that_trickles_is_a_timeout() throws Exception {
        serve(out -> {
            out.write((HEAD + "Content-Length: 100000\r\n\r\n").getBytes(StandardCharsets.UTF_8));
            trickle(out, ".");
        });

        SocketTimeoutException timeout = assertThrows(SocketTimeoutException.class, this::get);
        assertEquals("no complete answer within 500 ms", timeout.getMessage());
    }

    @Test
    void headers_that_trickle_are_a_timeout() throws Exception {
        serve(out -> {
            out.write(HEAD.getBytes(StandardCharsets.UTF_8));
            trickle(out, "X-More: and more\r\n");
        });

        SocketTimeoutException timeout = assertThrows(SocketTimeoutException.class, this::get);
        assertEquals("no complete answer within 500 ms", timeout.getMessage());
    }

    @Test
    void an_answer_without_end_is_cut_off() throws Exception {
        byte[] much = new byte[1024 * 1024];
        serve(out -> {
            out.write((HEAD + "Transfer-Encoding: chunked\r\n\r\n").getBytes(StandardCharsets.UTF_8));
            while (true) {
                out.write("100000\r\n".getBytes(StandardCharsets.UTF_8));
                out.write(much);
                out.write("\r\n".getBytes(StandardCharsets.UTF_8));
            }
        });

        IOException failure = assertThrows(IOException.class, this::get);
        assertEquals("an answer is longer than 4194304 bytes", failure.getMessage());
    }

    @Test
    void a_body_that_nobody_reads_does_not_trickle_for_ever_either() throws Exception {
        serve(out -> {
            out.write((HEAD + "Content-Length: 100000\r\n\r\n").getBytes(StandardCharsets.UTF_8));
            trickle(out, ".");
        });
        HttpGet request = new HttpGet("http://127.0.0.1:" + server.getLocalPort() + "/");

        assertThrows(
                IOException.class,
                () -> client.execute(request, response -> {
                    EntityUtils.consume(response.getEntity());
                    return null;
                }));
    }

    private String get() throws IOException {
        HttpGet request = new HttpGet("http://127.0.0.1:" + server.getLocalPort() + "/");
        return client.execute(request, response -> EntityUtils.toString(response.getEntity()));
    }

    /** A piece every 20 ms, until the client has had enough. */
    private static void trickle(OutputStream out, String piece) throws Exception {
        while (true) {
            out.write(piece.getBytes(StandardCharsets.UTF_8));
            out.flush();
            Thread.sleep(20);
        }
    }

    private void serve(Behaviour behaviour) {
        Thread thread = new Thread(() -> {
            try (Socket socket = server.accept()) {
                socket.getInputStream().read(new byte[1024]);
                behaviour.answer(socket.getOutputStream());
                socket.getOutputStream().flush();
            } catch (Exception e) {
                // The client hung up, as it should.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
