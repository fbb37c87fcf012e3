package chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Stands for WordPress with the plugin: takes results (contract, section 4), gives posts, and can be ill. */
public final class Receiver implements AutoCloseable {
    public enum Mode {
        OK,
        ERROR_500,
        BUSY_429,
        SILENT,
        CLOSES_AFTER_APPLYING
    }

    static final int RETRY_AFTER_SECONDS = 3;
    public static final String USER = "relay";
    public static final String PASSWORD = "app word";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Effects effects;
    private final HttpServer server;
    private final Set<Long> poisoned = ConcurrentHashMap.newKeySet();
    private final Set<Long> failing = ConcurrentHashMap.newKeySet();
    private volatile Mode mode = Mode.OK;

    public Receiver(Vertx vertx, Effects effects) throws Exception {
        this.effects = effects;
        this.server = vertx.createHttpServer().requestHandler(this::handle);
        server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    public String url() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    public Effects effects() {
        return effects;
    }

    public void mode(Mode next) {
        mode = next;
    }

    /** Results for this target are refused for good: 404 for an even one, 422 for an odd one. */
    public void poison(long target) {
        poisoned.add(target);
    }

    /** The first result for this target meets a 500. */
    void failOnce(long target) {
        failing.add(target);
    }

    private void handle(HttpServerRequest request) {
        if (request.method() == HttpMethod.GET) {
            answer(request.response(), 200, """
                    {"content":{"rendered":"<p>The bridge was closed last spring. Work starts in June.</p>"},\
                    "excerpt":{"rendered":""}}""");
            return;
        }
        request.bodyHandler(body -> result(request, body));
    }

    private void result(HttpServerRequest request, Buffer body) {
        HttpServerResponse response = request.response();
        switch (mode) {
            case ERROR_500 -> answer(response, 500, "{\"code\":\"internal_server_error\"}");
            case BUSY_429 -> {
                response.putHeader("Retry-After", Integer.toString(RETRY_AFTER_SECONDS));
                answer(response, 429, "{\"code\":\"too_many_requests\"}");
            }
            case SILENT -> {} // it is read and never answered
            case CLOSES_AFTER_APPLYING -> {
                apply(request, body);
                request.connection().close();
            }
            default -> {
                Map.Entry<Integer, String> outcome = apply(request, body);
                answer(response, outcome.getKey(), outcome.getValue());
            }
        }
    }

    private Map.Entry<Integer, String> apply(HttpServerRequest request, Buffer body) {
        String key = request.getHeader("Idempotency-Key");
        if (key == null || request.getHeader("Authorization") == null) {
            return Map.entry(401, "{\"code\":\"rest_forbidden\"}");
        }
        long target = target(body);
        if (poisoned.contains(target)) {
            return target % 2 == 0
                    ? Map.entry(404, "{\"error\":\"target gone\"}")
                    : Map.entry(422, "{\"error\":\"invalid result\"}");
        }
        if (failing.remove(target)) {
            return Map.entry(500, "{\"code\":\"internal_server_error\"}");
        }
        return switch (effects.apply(key, target, body.getBytes())) {
            case APPLIED -> Map.entry(200, "{\"status\":\"applied\"}");
            case DUPLICATE -> Map.entry(200, "{\"status\":\"duplicate\"}");
            case CONFLICT -> Map.entry(409, "{\"error\":\"idempotency key reused\"}");
        };
    }

    private static long target(Buffer body) {
        try {
            JsonNode id = JSON.readTree(body.getBytes()).at("/target/id");
            return id.asLong();
        } catch (IOException e) {
            return 0; // nobody's: an event's result that cannot be read is lost
        }
    }

    private static void answer(HttpServerResponse response, int status, String json) {
        response.setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(json);
    }

    @Override
    public void close() {
        server.close();
    }
}
