package tracing;

import events.Event;
import events.FailureReason;
import events.PersonalFields;
import events.TraceParent;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.camel.Exchange;

/**
 * The spans of an exchange, one within the other. They are kept with the exchange and not with a thread: an event changes
 * threads, and parts of a batch have exchanges that are copies.
 */
public final class Spans {
    static final AttributeKey<String> SITE = AttributeKey.stringKey("relay.site");
    static final AttributeKey<String> EVENT = AttributeKey.stringKey("relay.event");
    static final AttributeKey<String> KEY = AttributeKey.stringKey("relay.key");
    static final AttributeKey<String> REQUEST = AttributeKey.stringKey("relay.request_id");
    static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("relay.attempt");
    static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("relay.outcome");
    static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

    /** The exchange property with the innermost {@link Open} span. */
    private static final String OPEN = "RelaySpan";

    /** The exchange property with whom a request is about besides, as a List of traceparents. */
    private static final String ALSO = "RelaySpansAlso";

    private final Tracing tracing;
    private final UnaryOperator<String> redact;

    /** A span under way, with what began it, so that the same ends it. */
    private record Open(Object owner, Span span, Open outer) {}

    /** @param redact takes secrets out of the reason of a failure */
    public Spans(Tracing tracing, UnaryOperator<String> redact) {
        this.tracing = tracing;
        this.redact = redact;
    }

    public boolean isOn() {
        return tracing.isOn();
    }

    SpanBuilder span(String name, SpanKind kind, Context parent) {
        return tracing.tracer().spanBuilder(name).setSpanKind(kind).setParent(parent);
    }

    /** Within the innermost span of the exchange. */
    SpanBuilder span(String name, SpanKind kind, Exchange exchange) {
        return span(name, kind, context(current(exchange)));
    }

    void begin(Exchange exchange, Object owner, Span span) {
        exchange.setProperty(OPEN, new Open(owner, span, exchange.getProperty(OPEN, Open.class)));
    }

    /** Takes the span of an owner from the exchange, for whoever ends it; one that is not recorded if it has none. */
    Span take(Exchange exchange, Object owner) {
        Open open = exchange.getProperty(OPEN, Open.class);
        while (open != null && !open.owner().equals(owner)) {
            open = open.outer();
        }
        if (open == null) {
            return Span.getInvalid();
        }
        exchange.setProperty(OPEN, open.outer());
        return open.span();
    }

    /** The innermost span of the exchange; one that is not recorded if it has none. */
    static Span current(Exchange exchange) {
        Open open = exchange.getProperty(OPEN, Open.class);
        return open == null ? Span.getInvalid() : open.span();
    }

    /** Where the exchange is in its trace, for {@link #isAlsoAbout} of another; null where nobody traces it. */
    public static String traceparent(Exchange exchange) {
        SpanContext span = current(exchange).getSpanContext();
        return span.isValid() ? traceparent(span) : null;
    }

    /** What the exchange sends is from now on about these too: the spans of its requests have links to them. */
    public static void isAlsoAbout(Exchange exchange, List<String> traceparents) {
        exchange.setProperty(ALSO, traceparents);
    }

    /** Links to whom the exchange is about, but for the one whose trace it is in. */
    static void link(SpanBuilder span, Exchange exchange) {
        List<?> also = exchange.getProperty(ALSO, List.of(), List.class);
        String own = traceparent(exchange);
        also.stream().filter(each -> !each.equals(own)).forEach(each -> span.addLink(remote((String) each)));
    }

    static Context context(Span span) {
        return Context.root().with(span);
    }

    /** What another process, or another time, goes on with; the root when it is none. */
    static Context context(String traceparent) {
        return context(Span.wrap(remote(traceparent)));
    }

    static SpanContext remote(String traceparent) {
        if (!TraceParent.isValid(traceparent)) {
            return SpanContext.getInvalid();
        }
        String[] parts = traceparent.split("-");
        return SpanContext.createFromRemoteParent(
                parts[1], parts[2], TraceFlags.fromHex(parts[3], 0), TraceState.getDefault());
    }

    static String traceparent(SpanContext span) {
        return "00-" + span.getTraceId() + "-" + span.getSpanId() + "-"
                + span.getTraceFlags().asHex();
    }

    static void describe(Span span, Event event) {
        span.setAttribute(SITE, event.site())
                .setAttribute(EVENT, event.event())
                .setAttribute(KEY, event.key())
                .setAttribute(REQUEST, event.requestId())
                .setAttribute(ATTEMPT, (long) event.attempts());
    }

    /** Marks what failed, with why, but nothing that may quote the event, nor a secret. */
    void fail(Span span, Exchange exchange, Throwable failure) {
        String reason = failure == null ? "" : FailureReason.inShort(failure);
        span.setStatus(
                StatusCode.ERROR, redact.apply(PersonalFields.of(exchange).mask(reason)));
        if (failure != null) {
            span.setAttribute(ERROR_TYPE, failure.getClass().getName());
        }
    }
}
