package tracing;

import io.opentelemetry.api.trace.SpanContext;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * Where the trace of each event of a message goes on: a header beside the ids, a line each, {@code <event id>
 * <traceparent>}. A message without it, of a relay that does not trace, goes on with what is in the event's row.
 */
public final class MessageTraces {
    static final String HEADER = "RelayTraces";

    /** The exchange property with the header, while its events are worked on. */
    private static final String KEPT = "RelayMessageTraces";

    private MessageTraces() {}

    static void write(Message message, Map<UUID, SpanContext> spans) {
        message.setHeader(
                HEADER,
                spans.entrySet().stream()
                        .map(span -> span.getKey() + " " + Spans.traceparent(span.getValue()))
                        .collect(Collectors.joining("\n")));
    }

    /** To be called while the message has its headers. */
    public static void keep(Exchange exchange) {
        String header = exchange.getMessage().getHeader(HEADER, String.class);
        if (header != null) {
            exchange.setProperty(KEPT, header);
        }
    }

    /** Invalid where the message says nothing of the event. */
    static SpanContext of(Exchange exchange, UUID event) {
        String kept = exchange.getProperty(KEPT, String.class);
        if (kept == null) {
            return SpanContext.getInvalid();
        }
        return kept.lines()
                .filter(line -> line.startsWith(event + " "))
                .findFirst()
                .map(line -> Spans.remote(line.substring(line.indexOf(' ') + 1)))
                .orElse(SpanContext.getInvalid());
    }
}
