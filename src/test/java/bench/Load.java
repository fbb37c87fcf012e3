package bench;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.HdrHistogram.Histogram;

/**
 * Signed events, each with a key of its own, over keep-alive connections. One thread does all of it, so that the load
 * takes little from what is measured.
 */
final class Load implements AutoCloseable {
    private static final int ACCEPTED = 202;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final double NANOS_PER_MILLI = 1e6;

    private final Vertx vertx;
    private final Context context;
    private final HttpClient http;
    private final int port;
    private final int connections;
    private final Payloads payloads;
    private final Mac mac;

    // Of the run under way, and only touched on the context's thread.
    private Histogram latencies;
    private Map<Integer, Long> statuses;
    private long from;
    private long to;
    private long inFlight;
    private long acceptedInAll;
    private boolean isSending;
    private CompletableFuture<Void> drained;

    /** @param bytes how large an event is */
    Load(int port, String secret, int connections, int bytes) throws GeneralSecurityException {
        this.vertx = Vertx.vertx();
        this.context = vertx.getOrCreateContext();
        this.port = port;
        this.connections = connections;
        this.payloads = new Payloads(bytes);
        this.mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        this.http = vertx.createHttpClient(
                new HttpClientOptions()
                        .setDefaultHost("127.0.0.1")
                        .setDefaultPort(port)
                        .setKeepAliveTimeout(0)
                        .setTcpNoDelay(true),
                new PoolOptions().setHttp1MaxSize(connections).setMaxWaitQueueSize(-1));
    }

    /** Each connection sends its next request when it has the answer to the one before. */
    Measured closed(Duration warmUp, Duration lasting) throws Exception {
        begin(warmUp, lasting);
        onContext(() -> {
            for (int i = 0; i < connections; i++) {
                sendAgain();
            }
        });
        waitUntil(to);
        return end(lasting);
    }

    private void sendAgain() {
        if (isSending) {
            long now = System.nanoTime();
            send(now).onComplete(done -> sendAgain());
        }
    }

    /** Requests are due at a constant rate, whatever becomes of those before. */
    Measured open(double rate, Duration warmUp, Duration lasting) throws Exception {
        begin(warmUp, lasting);
        double interval = TimeUnit.SECONDS.toNanos(1) / rate;
        long start = System.nanoTime();
        for (long number = 0; ; number++) {
            long due = start + (long) (number * interval);
            if (due >= to) {
                break;
            }
            waitUntil(due);
            context.runOnContext(go -> send(due));
        }
        return end(lasting);
    }

    private void begin(Duration warmUp, Duration lasting) throws Exception {
        onContext(() -> {
            latencies = new Histogram(3);
            statuses = new TreeMap<>();
            from = System.nanoTime() + warmUp.toNanos();
            to = from + lasting.toNanos();
            acceptedInAll = 0;
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

    private Future<Integer> send(long due) {
        inFlight++;
        Payloads.Payload payload = payloads.next();
        return http.request(HttpMethod.POST, "/webhooks/wp")
                .compose(request -> sign(request, payload).send(Buffer.buffer(payload.body())))
                .compose(response -> response.end().map(response.statusCode()))
                .otherwise(0)
                .onSuccess(status -> answered(due, status));
    }

    private HttpClientRequest sign(HttpClientRequest request, Payloads.Payload payload) {
        String timestamp = Long.toString(System.currentTimeMillis() / TimeUnit.SECONDS.toMillis(1));
        mac.update(timestamp.getBytes(StandardCharsets.US_ASCII));
        mac.update((byte) '.');
        String signature = HexFormat.of().formatHex(mac.doFinal(payload.body()));
        return request.putHeader("Content-Type", "application/json")
                .putHeader("X-WP-Timestamp", timestamp)
                .putHeader("X-WP-Signature", signature)
                .putHeader("Idempotency-Key", payload.key());
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
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
