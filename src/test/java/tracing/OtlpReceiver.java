package tracing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** Takes spans over OTLP/HTTP, as a collector does. */
public final class OtlpReceiver implements AutoCloseable {
    private final HttpServer server;
    private final List<Received> spans = new CopyOnWriteArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile int status = 200;

    /** A span, with the service that it is of. */
    public record Received(Span span, String service) {
        public String name() {
            return span.getName();
        }

        public String id() {
            return hex(span.getSpanId().toByteArray());
        }

        public String parent() {
            return hex(span.getParentSpanId().toByteArray());
        }

        public String trace() {
            return hex(span.getTraceId().toByteArray());
        }

        /** The ids of the spans that it names besides its parent. */
        public List<String> links() {
            return span.getLinksList().stream()
                    .map(link -> hex(link.getSpanId().toByteArray()))
                    .toList();
        }

        /** Empty where there is none. */
        public String attribute(String name) {
            return text(span.getAttributesList(), name);
        }

        private static String text(List<KeyValue> attributes, String name) {
            return attributes.stream()
                    .filter(attribute -> attribute.getKey().equals(name))
                    .map(attribute -> attribute.getValue().hasIntValue()
                            ? Long.toString(attribute.getValue().getIntValue())
                            : attribute.getValue().getStringValue())
                    .collect(Collectors.joining());
        }

        private static String hex(byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        }
    }

    public OtlpReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    private void take(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (status == 200) {
            ExportTraceServiceRequest.parseFrom(body).getResourceSpansList().forEach(resource -> {
                String service = Received.text(resource.getResource().getAttributesList(), "service.name");
                resource.getScopeSpansList()
                        .forEach(scope -> scope.getSpansList().forEach(span -> spans.add(new Received(span, service))));
            });
        }
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    /** From now on it answers so. */
    public void answer(int with) {
        status = with;
    }

    public int requests() {
        return requests.get();
    }

    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The spans of a trace, in the order in which they began, once there are so many. */
    public List<Received> await(String trace, int count) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> of(trace).size() >= count);
        return of(trace);
    }

    public List<Received> of(String trace) {
        return spans.stream()
                .filter(span -> span.trace().equals(trace))
                .sorted((one, other) -> Long.compareUnsigned(
                        one.span().getStartTimeUnixNano(), other.span().getStartTimeUnixNano()))
                .toList();
    }

    public List<Received> all() {
        return List.copyOf(spans);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
