package ingress;

import events.EventLog;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.HttpEndpointModel;
import org.apache.camel.component.platform.http.PlatformHttpComponent;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;

/**
 * Answers the requests that never reach a route in the form that all answers have: JSON with {@code X-Request-Id}. While
 * the relay starts or stops, its port is open and its routes are not there: that is a 503, and no 404 or 405.
 */
public final class HttpErrors {
    private static final Map<Integer, String> ERRORS = Map.of(
            400, "bad request",
            404, "not found",
            405, "method not allowed",
            413, "payload too large",
            414, "uri too long",
            415, "unsupported media type",
            417, "expectation failed",
            431, "request header fields too large",
            500, "unavailable",
            503, "unavailable");

    /** Of a path, such as {@code {key}}. */
    private static final Pattern VARIABLE = Pattern.compile("\\{\\w+}");

    private HttpErrors() {}

    /** To be called once a server of the context is there; for the others it changes nothing. */
    public static void register(CamelContext context) {
        for (VertxPlatformHttpRouter router : context.getRegistry().findByType(VertxPlatformHttpRouter.class)) {
            VertxPlatformHttpServer server = router.getServer();
            // Camel's router is mounted below the server's own, and a failure ends in the outermost one.
            if (server.getServer().requestHandler() instanceof Router outermost) {
                ERRORS.keySet()
                        .forEach(status -> outermost.errorHandler(status, request -> answer(context, request, status)));
                if (VertxPlatformHttpRouter.SERVER_TYPE_MANAGEMENT.equals(router.getServerType())) {
                    outermost.errorHandler(404, request -> {
                        if (!context.isStarted() || !isAnsweredByPage(context, request)) {
                            answer(context, request, 404);
                        }
                    });
                }
            }
        }
    }

    private static boolean isAnsweredByPage(CamelContext context, RoutingContext request) {
        NotFoundPage page = context.getRegistry().findSingleByType(NotFoundPage.class);
        return page != null && !request.response().headWritten() && page.answer(request);
    }

    /** The methods that there are at a path, as {@code Allow} has them (RFC 9110, 10.2.1). */
    private static String allowed(CamelContext context, String path) {
        String allowed = context.getComponent("platform-http", PlatformHttpComponent.class).getHttpEndpoints().stream()
                .filter(endpoint ->
                        path.matches(VARIABLE.matcher(endpoint.getUri()).replaceAll("[^/]+")))
                .map(HttpEndpointModel::getVerbs)
                .sorted()
                .distinct()
                .collect(Collectors.joining(", "));
        return allowed.isEmpty() ? "GET" : allowed; // Camel's own, which are to look at: health, metrics.
    }

    /** @param failure the status with which it failed, which the request does not know of where its path is broken */
    private static void answer(CamelContext context, RoutingContext request, int failure) {
        if (request.response().ended() || request.response().headWritten()) {
            return;
        }
        // A fault of ours is answered so that the sender comes again.
        boolean isOurs = failure == 500 || !context.isStarted() && (failure == 404 || failure == 405);
        int status = isOurs ? 503 : failure;
        begin(request, status);
        if (status == 503) {
            request.response().putHeader("Retry-After", Integer.toString(HttpAnswer.RETRY_AFTER_SECONDS));
        }
        if (status == 405) {
            request.response().putHeader("Allow", allowed(context, request.normalizedPath()));
        }
        request.response().end(new JsonObject().put("error", ERRORS.get(status)).toBuffer());
    }

    /** Answers a request that does not reach the routes. */
    static void answer(RoutingContext request, RejectedRequest rejected) {
        begin(request, rejected.status());
        rejected.headers().forEach((name, value) -> request.response().putHeader(name, value.toString()));
        request.response().end(Buffer.buffer(HttpAnswer.bytes(rejected.body())));
    }

    private static void begin(RoutingContext request, int status) {
        request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .putHeader("X-Request-Id", EventLog.nextId().toString());
    }
}
