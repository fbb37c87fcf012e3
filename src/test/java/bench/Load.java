package bench;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.HdrHistogram.Histogram;

/**
 * Signed events, each with a key of its own, over keep-alive connections. One thread does all of it, and writes HTTP by
 * itself, so that the load takes little from what is measured.
 */
final class Load implements AutoCloseable {
    static final int ACCEPTED = 202;
    private static final int NO_ANSWER = 0;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final double NANOS_PER_MILLI = 1e6;
    private static final String END_OF_HEAD = "\r\n\r\n";
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3})");
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)");

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final NetClient client = vertx.createNetClient(
            new NetClientOptions().setTcpNoDelay(true).setReconnectAttempts(50).setReconnectInterval(100));
    private final int port;
    private final Payloads payloads;
    private final Mac mac;

    // Only touched on the context's thread.
    private final Deque<Connection> idle = new ArrayDeque<>();
    private final Queue<Long> due = new ArrayDeque<>();

    // Of the run under way, and only touched on the context's thread.
    private Histogram latencies;
    private Map<Integer, Long> statuses;
    private long from;
    private long to;
    private long inFlight;
    private long acceptedInAll;
    private boolean isClosedLoop;
    private boolean isSending;
    private boolean isOver;
    private CompletableFuture<Void> drained;

    /** One request at a time. */
    private final class Connection {
        private final NetSocket socket;
        private final RecordParser parser = RecordParser.newDelimited(END_OF_HEAD, this::received);
        private int status = NO_ANSWER;
        private long due;
        private boolean isBusy;

        private Connection(NetSocket socket) {
            this.socket = socket;
            socket.handler(parser);
            socket.exceptionHandler(failure -> socket.close());
            socket.closeHandler(closed -> closed());
        }

        private void send(long due) {
            this.due = due;
            isBusy = true;
            socket.write(request());
        }

        private void received(Buffer part) {
            if (status == NO_ANSWER) {
                String head = part.toString();
                status = Integer.parseInt(find(STATUS, head));
                int length = Integer.parseInt(find(LENGTH, head));
                if (length > 0) {
                    parser.fixedSizeMode(length);
                    return;
                }
            }
            int answered = status;
            status = NO_ANSWER;
            isBusy = false;
            parser.delimitedMode(END_OF_HEAD);
            answered(due, answered);
            isIdle(this);
        }

        private void closed() {
            idle.remove(this);
            if (isBusy) {
                answered(due, NO_ANSWER);
            }
            if (!isOver) {
                connect();
            }
        }
    }

    /** @param bytes how large an event is */
    Load(int port, String secret, int connections, int bytes) throws Exception {
        this.port = port;
        this.payloads = new Payloads(bytes);
        this.mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        onContext(() -> {
            for (int i = 0; i < connections; i++) {
                connect();
            }
        });
    }

    private void connect() {
        client.connect(port, "127.0.0.1").onSuccess(socket -> isIdle(new Connection(socket)));
    }

    /** Each connection sends its next request when it has the answer to the one before. */
    Measured closed(Duration warmUp, Duration lasting) throws Exception {
        begin(true, warmUp, lasting);
        onContext(() -> {
            while (!idle.isEmpty()) {
                isIdle(idle.poll());
            }
        });
        waitUntil(to);
        return end(lasting);
    }

    /** Requests are due at a constant rate, whatever becomes of those before. */
    Measured open(double rate, Duration warmUp, Duration lasting) throws Exception {
        begin(false, warmUp, lasting);
        double interval = TimeUnit.SECONDS.toNanos(1) / rate;
        long start = System.nanoTime();
        for (long number = 0; ; number++) {
            long when = start + (long) (number * interval);
            if (when >= to) {
                break;
            }
            waitUntil(when);
            context.runOnContext(go -> isDue(when));
        }
        return end(lasting);
    }

    private void isDue(long when) {
        inFlight++;
        Connection connection = idle.poll();
        if (connection == null) {
            due.add(when);
        } else {
            connection.send(when);
        }
    }

    private void isIdle(Connection connection) {
        if (!due.isEmpty()) {
            connection.send(due.poll());
        } else if (isSending && isClosedLoop) {
            inFlight++;
            connection.send(System.nanoTime());
        } else {
            // The one that was used last is used next: how many are used says how many it takes.
            idle.push(connection);
        }
    }

    private void begin(boolean isClosedLoop, Duration warmUp, Duration lasting) throws Exception {
        onContext(() -> {
            latencies = new Histogram(3);
            statuses = new TreeMap<>();
            from = System.nanoTime() + warmUp.toNanos();
            to = from + lasting.toNanos();
            acceptedInAll = 0;
            this.isClosedLoop = isClosedLoop;
            isSending = true;
            drained = new CompletableFuture<>();
        });
    }

    private Measured end(Duration lasting) throws Exception {
        onContext(() -> {
            isSending = false;
            if (inFlight == 0) {
                drained.complete(null);
            }
        });
        drained.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        double seconds = lasting.toNanos() / (double) TimeUnit.SECONDS.toNanos(1);
        return new Measured(
                statuses.getOrDefault(ACCEPTED, 0L) / seconds,
                latencies.getValueAtPercentile(50) / NANOS_PER_MILLI,
                latencies.getValueAtPercentile(99) / NANOS_PER_MILLI,
                latencies.getMaxValue() / NANOS_PER_MILLI,
                Map.copyOf(statuses),
                acceptedInAll);
    }

    private Buffer request() {
        Payloads.Payload payload = payloads.next();
        String timestamp = Long.toString(System.currentTimeMillis() / TimeUnit.SECONDS.toMillis(1));
        mac.update(timestamp.getBytes(StandardCharsets.US_ASCII));
        mac.update((byte) '.');
        String signature = HexFormat.of().formatHex(mac.doFinal(payload.body()));
        return Buffer.buffer("POST /webhooks/wp HTTP/1.1\r\nHost: 127.0.0.1:" + port
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + payload.body().length
                        + "\r\nX-WP-Timestamp: " + timestamp
                        + "\r\nX-WP-Signature: " + signature
                        + "\r\nIdempotency-Key: " + payload.key() + END_OF_HEAD)
                .appendBytes(payload.body());
    }

    private void answered(long due, int status) {
        long now = System.nanoTime();
        // A closed loop counts what is answered in its window, an open one what was due in it: the same but for the
        // edges.
        if (due >= from && due < to) {
            latencies.recordValue(now - due);
            statuses.merge(status, 1L, Long::sum);
        }
        if (status == ACCEPTED) {
            acceptedInAll++;
        }
        inFlight--;
        if (inFlight == 0 && !isSending) {
            drained.complete(null);
        }
    }

    private static String find(Pattern pattern, String head) {
        Matcher matcher = pattern.matcher(head);
        if (!matcher.find()) {
            throw new IllegalStateException("an answer without " + pattern + ": " + head);
        }
        return matcher.group(1);
    }

    private void onContext(Runnable step) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        context.runOnContext(go -> {
            step.run();
            done.complete(null);
        });
        done.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static void waitUntil(long nanoTime) {
        for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    @Override
    public void close() throws Exception {
        onContext(() -> isOver = true);
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
