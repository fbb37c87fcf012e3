package tracing;

import events.Event;
import events.Failures;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import java.time.Instant;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.RoutePolicySupport;

/**
 * A span for each attempt at an event, and in it one for each of the routes whose time somebody would want to know: few,
 * and none for what only passes an event on. An automation of the user's own is among them.
 */
public final class RouteSpans implements RoutePolicyFactory {
    private static final String WORK = "work-on-event";
    private static final String ASK = "ask-ai";
    private static final Set<String> STEPS = Set.of(ASK, "fetch-post", "call-back-wordpress", "notify-crm", "run-item");
    /** What an automation of the user's own is reached by. */
    private static final String OWN = "direct:on-";

    /** The exchange property with when an attempt that is not recorded yet came to its end. */
    private static final String ENDED = "RelaySpanEnded";

    private static final Set<String> FAILED = Set.of("error", "retry");

    private final Spans spans;

    public RouteSpans(Spans spans) {
        this.spans = spans;
    }

    @Override
    public RoutePolicy createRoutePolicy(CamelContext context, String routeId, NamedNode route) {
        if (WORK.equals(routeId)) {
            return new Attempts();
        }
        boolean isOwn = route instanceof RouteDefinition definition
                && definition.getInput() != null
                && definition.getInput().getEndpointUri() != null
                && definition.getInput().getEndpointUri().startsWith(OWN);
        return isOwn || STEPS.contains(name(routeId)) ? new Steps() : null;
    }

    /** What an attempt came to, once it is written down; where events share a message, that is after all of them. */
    public void recorded(Exchange exchange) {
        Instant ended = spans.isOn() ? exchange.getProperty(ENDED, Instant.class) : null;
        if (ended != null) {
            end(exchange, spans.take(exchange, WORK), ended);
        }
    }

    private void end(Exchange exchange, Span span, Instant ended) {
        String outcome = exchange.getProperty(Failures.OUTCOME, "handed_back", String.class);
        span.setAttribute(Spans.OUTCOME, outcome);
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        if (FAILED.contains(outcome)) {
            spans.fail(span, exchange, failure);
        }
        span.end(ended);
    }

    /** Without the version that a route has which the user may change while the relay runs. */
    private static String name(String routeId) {
        return routeId.replaceFirst("@\\d+$", "");
    }

    private final class Attempts extends RoutePolicySupport {
        @Override
        public void onExchangeBegin(Route route, Exchange exchange) {
            Event event = exchange.getMessage().getBody(Event.class);
            SpanContext sent = MessageTraces.of(exchange, event.id());
            SpanBuilder span = spans.span(
                    "process " + event.event(),
                    SpanKind.CONSUMER,
                    sent.isValid() ? Spans.context(Span.wrap(sent)) : Spans.context(event.traceparent()));
            if (sent.isValid()) {
                span.addLink(sent);
            }
            Span begun = span.setAttribute("messaging.system", SendSpans.BROKER)
                    .setAttribute("messaging.destination.name", "relay.events")
                    .setAttribute("messaging.operation.name", "process")
                    .setAttribute("messaging.operation.type", "process")
                    // Of the clock that its end is of, so that it never ends before it begins.
                    .setStartTimestamp(Instant.now())
                    .startSpan();
            Spans.describe(begun, event);
            spans.begin(exchange, WORK, begun);
        }

        @Override
        public void onExchangeDone(Route route, Exchange exchange) {
            if (exchange.getProperty(Failures.OUTCOME) == null && exchange.getException() == null) {
                exchange.setProperty(ENDED, Instant.now());
            } else {
                end(exchange, spans.take(exchange, WORK), Instant.now());
            }
        }
    }

    private final class Steps extends RoutePolicySupport {
        @Override
        public void onExchangeBegin(Route route, Exchange exchange) {
            String id = name(route.getRouteId());
            String task = exchange.getMessage().getHeader("RelayAiTask", String.class);
            Span span = spans.span(ASK.equals(id) && task != null ? id + " " + task : id, SpanKind.INTERNAL, exchange)
                    .startSpan();
            spans.begin(exchange, route.getRouteId(), span);
        }

        @Override
        public void onExchangeDone(Route route, Exchange exchange) {
            Span span = spans.take(exchange, route.getRouteId());
            if (exchange.getException() != null) {
                spans.fail(span, exchange, exchange.getException());
            }
            if (ASK.equals(name(route.getRouteId()))) {
                GenAi.describe(span, exchange.getMessage());
            }
            span.end();
        }
    }
}
