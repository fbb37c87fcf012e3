package chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import routes.Completions;

/**
 * Stands for a server with OpenAI's chat completions, and can be ill. It never says the same twice, as a model does not:
 * a result that was asked for twice shows as a conflict where it is applied.
 */
final class AiServer implements AutoCloseable {
    enum Mode {
        OK,
        ERROR_500,
        BUSY_429,
        SILENT,
        BROKEN_JSON
    }

    static final int RETRY_AFTER_SECONDS = 3;
    private static final Duration SILENCE = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Vertx vertx;
    private final HttpServer server;
    private final AtomicInteger answers = new AtomicInteger();
    private volatile Mode mode = Mode.OK;

    AiServer(Vertx vertx) throws Exception {
        this.vertx = vertx;
        this.server = vertx.createHttpServer()
                .requestHandler(request -> request.bodyHandler(body -> {
                    if (mode == Mode.SILENT) {
                        vertx.setTimer(SILENCE.toMillis(), timer -> answer(request, body));
                    } else {
                        answer(request, body);
                    }
                }));
        server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    String url() {
        return "http://127.0.0.1:" + server.actualPort() + "/v1";
    }

    void mode(Mode next) {
        mode = next;
    }

    private void answer(HttpServerRequest request, Buffer body) {
        HttpServerResponse response = request.response();
        if (response.closed()) {
            return; // whoever asked has given up
        }
        response.putHeader("Content-Type", "application/json");
        switch (mode) {
            case ERROR_500 -> response.setStatusCode(500).end("{\"error\":{\"type\":\"server_error\"}}");
            case BUSY_429 ->
                response.setStatusCode(429)
                        .putHeader("Retry-After", Integer.toString(RETRY_AFTER_SECONDS))
                        .end("{\"error\":{\"type\":\"rate_limit_error\"}}");
            case BROKEN_JSON -> response.end(completion("{\"verdict\": \"appro"));
            default -> response.end(completion(Completions.toEach(body.toString(), event -> content(body))));
        }
    }

    private ObjectNode content(Buffer request) {
        String text = "Answer number " + answers.incrementAndGet() + ".";
        ObjectNode content = JSON.createObjectNode();
        if (request.toString().contains("\"enrich_post\"")) {
            content.put("summary", text).put("seo_title", "A bridge").put("seo_description", text);
            content.put("language", "en").putArray("keywords").add("bridge");
        } else {
            content.put("verdict", "approve").put("confidence", 0.9).put("reason", text);
        }
        return content;
    }

    private static String completion(String content) {
        return Completions.of(content, 100, 20);
    }

    @Override
    public void close() {
        server.close();
    }
}
