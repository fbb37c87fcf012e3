package routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Thousands of {@link BadRequests} over the wire. How many, the system property {@code relay.bad-requests} says; which, the
 * seed {@code relay.seed}.
 */
class BadRequestsTest {
    private static final int REQUESTS = Integer.getInteger("relay.bad-requests", 3_000);
    private static final long SEED = Long.getLong("relay.seed", 1);
    /** Of the contract, those of HTTP itself, and 0 for a connection that was closed without one. */
    private static final Set<Integer> STATUSES =
            Set.of(0, 202, 400, 401, 404, 405, 409, 413, 414, 415, 417, 422, 431, 501);

    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)");
    /** In milliseconds. */
    private static final int LONGEST_ANSWER = 10_000;

    private static final long MIB = 1 << 20;

    @TempDir(cleanup = CleanupMode.NEVER)
    Path dataDir;

    /** Of the log, that should not be there. */
    private final List<String> lines = new CopyOnWriteArrayList<>();

    /** Whether a secret is in the log, or what a stranger sent is an error of ours. */
    private final class Watch extends AppenderBase<ILoggingEvent> {
        @Override
        protected void append(ILoggingEvent line) {
            if (line.getFormattedMessage().contains(TestRelay.SECRET) || isError(line)) {
                lines.add(line.getFormattedMessage());
            }
        }

        private boolean isError(ILoggingEvent line) {
            return line.getLevel() == Level.ERROR && !line.getLoggerName().startsWith("events.");
        }
    }

    @Test
    void whatever_comes_is_answered_as_the_contract_says_and_leaves_nothing_behind() throws Exception {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Watch watch = new Watch();
        watch.start();
        root.addAppender(watch);
        try (TestRelay relay =
                new TestRelay(dataDir).with("RELAY_RATE_LIMIT", "1000000").startReady()) {
            TreeMap<Integer, Integer> seen = new TreeMap<>();
            BadRequests requests = new BadRequests(SEED, TestRelay.SECRET);
            send(relay, requests, REQUESTS / 5, seen);
            long heap = heap();
            send(relay, requests, REQUESTS - REQUESTS / 5, seen);
            assertTrue(STATUSES.containsAll(seen.keySet()), seen.toString());
            assertTrue(seen.keySet().containsAll(Set.of(202, 400, 401, 405, 415, 422)), seen.toString());
            assertTrue(heap() < heap + 64 * MIB, "the heap grows from " + heap + " to " + heap());
            assertEquals(
                    202,
                    relay.client()
                            .send("after", Samples.post("after").toString())
                            .status());
        } finally {
            root.detachAppender(watch);
        }
        assertEquals(List.of(), lines);
    }

    private static void send(TestRelay relay, BadRequests requests, int number, TreeMap<Integer, Integer> seen)
            throws IOException {
        Socket socket = null;
        for (int i = 0; i < number; i++) {
            if (socket == null) {
                socket = new Socket("127.0.0.1", relay.port());
                socket.setSoTimeout(LONGEST_ANSWER);
            }
            byte[] request = requests.next();
            int status = status(socket, request);
            seen.merge(status, 1, Integer::sum);
            // What is left of a request that was refused would be the next one.
            if (status != 202 && status != 422 && status != 401) {
                socket.close();
                socket = null;
            }
        }
        if (socket != null) {
            socket.close();
        }
    }

    private static int status(Socket socket, byte[] request) throws IOException {
        try {
            socket.getOutputStream().write(request);
            return answer(socket.getInputStream());
        } catch (SocketTimeoutException e) {
            throw new AssertionError("no answer to " + new String(request, StandardCharsets.UTF_8), e);
        } catch (IOException e) {
            return 0; // closed while it was sent
        }
    }

    private static int answer(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return 0;
            }
            head.append((char) next);
        }
        Matcher length = LENGTH.matcher(head);
        String body = length.find()
                ? new String(in.readNBytes(Integer.parseInt(length.group(1))), StandardCharsets.UTF_8)
                : "";
        assertFalse(body.contains("Exception") || body.contains("\tat "), body);
        return Integer.parseInt(head.substring("HTTP/1.1 ".length(), "HTTP/1.1 ".length() + 3));
    }

    /** In bytes, of what is in use. */
    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
