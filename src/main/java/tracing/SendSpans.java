package tracing;

import events.Event;
import events.FailureReason;
import events.Failures;
import events.QueuedEvent;
import events.TraceParent;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.ExchangeSendingEvent;
import org.apache.camel.spi.CamelEvent.ExchangeSentEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.apache.camel.support.ExchangeHelper;

/**
 * A span for what leaves the relay: a request to WordPress, to an AI or to a CRM, and each event that is put into a queue.
 * A request takes the header {@code traceparent} with it, a message that of each of its events.
 */
public final class SendSpans extends EventNotifierSupport {
    static final String BROKER = "activemq";

    /** The exchange property with the events that a message is about to stand for, as a List of QueuedEvent. */
    public static final String QUEUED = "RelayQueued";

    /** The exchange property with the spans of the events in a message, while it is sent. */
    private static final String PUBLISHED = "RelayPublished";

    private final Spans spans;

    public SendSpans(Spans spans) {
        this.spans = spans;
        setIgnoreCamelContextEvents(true);
        setIgnoreCamelContextInitEvents(true);
        setIgnoreRouteEvents(true);
        setIgnoreServiceEvents(true);
        setIgnoreStepEvents(true);
        setIgnoreExchangeCreatedEvent(true);
        setIgnoreExchangeCompletedEvent(true);
        setIgnoreExchangeFailedEvents(true);
        setIgnoreExchangeRedeliveryEvents(true);
        setIgnoreExchangeAsyncProcessingStartedEvents(true);
    }

    @Override
    public void notify(CamelEvent event) {
        if (event instanceof ExchangeSendingEvent sending) {
            begin(sending.getExchange(), sending.getEndpoint());
        } else if (event instanceof ExchangeSentEvent sent) {
            end(sent.getExchange(), sent.getEndpoint());
        }
    }

    private void begin(Exchange exchange, Endpoint endpoint) {
        if (isHttp(endpoint)) {
            request(exchange, endpoint);
        } else if (isQueue(endpoint)) {
            publish(exchange, queue(endpoint));
        }
    }

    private void end(Exchange exchange, Endpoint endpoint) {
        if (isHttp(endpoint)) {
            answer(exchange, spans.take(exchange, endpoint));
        } else if (isQueue(endpoint) && exchange.removeProperty(PUBLISHED) instanceof List<?> published) {
            for (Object span : published) {
                end(exchange, (Span) span);
            }
        }
    }

    private void end(Exchange exchange, Span span) {
        if (exchange.getException() != null) {
            spans.fail(span, exchange, exchange.getException());
        }
        span.end();
    }

    private static boolean isHttp(Endpoint endpoint) {
        return endpoint.getEndpointUri().startsWith("http");
    }

    private static boolean isQueue(Endpoint endpoint) {
        return endpoint.getEndpointUri().startsWith(BROKER);
    }

    private static String queue(Endpoint endpoint) {
        return endpoint.getEndpointUri().contains("dead-letters") ? "relay.dead-letters" : "relay.events";
    }

    private void request(Exchange exchange, Endpoint endpoint) {
        Message message = exchange.getMessage();
        String method = message.getHeader(Exchange.HTTP_METHOD, "POST", String.class);
        SpanBuilder request = spans.span(name(exchange, method), SpanKind.CLIENT, exchange)
                .setAttribute("http.request.method", method);
        URI address = address(endpoint.getEndpointUri());
        if (address != null && address.getHost() != null) {
            request.setAttribute("server.address", address.getHost()).setAttribute("server.port", (long) port(address));
        }
        Spans.link(request, exchange);
        Span span = request.startSpan();
        spans.begin(exchange, endpoint, span);
        message.setHeader(TraceParent.HEADER, Spans.traceparent(span.getSpanContext()));
    }

    /** With what is asked for, but no number in it: spans of one name are of one kind. */
    private static String name(Exchange exchange, String method) {
        return switch (String.valueOf(ExchangeHelper.getAtRouteId(exchange))) {
            case "ask-wordpress" ->
                method + " "
                        + exchange.getProperty("RelayRestPath", "", String.class)
                                .replaceFirst("\\?.*", "")
                                .replaceAll("/\\d+", "/{id}");
            case "send-chat-request" -> "chat " + exchange.getMessage().getHeader("RelayAiModel", "", String.class);
            default -> method;
        };
    }

    /**
     * Where an endpoint leads, and no more: the rest of it may be a secret, as that of a CRM is. Null for what is no address
     * of RFC 3986, which may be one of Camel's all the same; an error would be logged by Camel, with the address in it.
     */
    static URI address(String endpoint) {
        int query = endpoint.indexOf('?');
        try {
            return URI.create(query < 0 ? endpoint : endpoint.substring(0, query));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static int port(URI address) {
        if (address.getPort() > 0) {
            return address.getPort();
        }
        return "https".equals(address.getScheme()) ? 443 : 80;
    }

    private void answer(Exchange exchange, Span span) {
        Throwable failure = exchange.getException();
        HttpOperationFailedException refused = failure == null ? null : FailureReason.answer(failure);
        Integer status = refused != null
                ? Integer.valueOf(refused.getStatusCode())
                : exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
        if (status != null) {
            span.setAttribute("http.response.status_code", status.longValue());
        }
        exchange.getMessage().removeHeader(TraceParent.HEADER);
        end(exchange, span);
    }

    private void publish(Exchange exchange, String queue) {
        Map<UUID, Context> events = events(exchange);
        Map<UUID, SpanContext> contexts = new LinkedHashMap<>();
        List<Span> published = new ArrayList<>();
        events.forEach((id, parent) -> {
            Span span = publishing(queue, parent, events.size()).startSpan();
            published.add(span);
            contexts.put(id, span.getSpanContext());
        });
        if (!published.isEmpty()) {
            exchange.setProperty(PUBLISHED, published);
            MessageTraces.write(exchange.getMessage(), contexts);
        }
    }

    private SpanBuilder publishing(String queue, Context parent, int together) {
        SpanBuilder span = spans.span(queue + " publish", SpanKind.PRODUCER, parent)
                .setAttribute("messaging.system", BROKER)
                .setAttribute("messaging.destination.name", queue)
                .setAttribute("messaging.operation.name", "publish")
                .setAttribute("messaging.operation.type", "send");
        return together == 1 ? span : span.setAttribute("messaging.batch.message_count", (long) together);
    }

    /** Those that a message stands for, with what they are traced as; none of a watermark. */
    private static Map<UUID, Context> events(Exchange exchange) {
        Map<UUID, Context> events = new LinkedHashMap<>();
        Event failed = exchange.getProperty(Failures.EVENT, Event.class);
        if (failed != null) {
            events.put(failed.id(), Spans.context(Spans.current(exchange)));
        } else if (exchange.getProperty(QUEUED) instanceof List<?> queued) {
            for (Object each : queued) {
                QueuedEvent event = (QueuedEvent) each;
                events.put(event.id(), Spans.context(event.traceparent()));
            }
        }
        return events;
    }
}
