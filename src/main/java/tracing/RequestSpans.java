package tracing;

import events.TraceParent;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;

/**
 * A span for each request whose signature holds. What was claimed before it did not begin any: a trace is its sender's
 * word.
 */
public final class RequestSpans {
    private static final int SERVER_ERROR = 500;

    private final Spans spans;

    public RequestSpans(Spans spans) {
        this.spans = spans;
    }

    /**
     * To be called once it is known who sends it.
     *
     * @param claimed the sender's header {@code traceparent}, or null
     * @return what the event goes on with, never null: where nobody traces, the sender's own or the beginning of a trace
     */
    public String verified(Exchange exchange, String claimed) {
        String sent = TraceParent.isValid(claimed) ? claimed : null;
        if (!spans.isOn()) {
            return sent == null ? TraceParent.begin() : sent;
        }
        Span span = spans.span("POST /webhooks/wp", SpanKind.SERVER, Spans.context(sent))
                .setStartTimestamp(exchange.getClock().getCreated(), TimeUnit.MILLISECONDS)
                .setAttribute("http.request.method", "POST")
                .setAttribute("http.route", "/webhooks/wp")
                .setAttribute("url.path", "/webhooks/wp")
                .startSpan();
        spans.begin(exchange, this, span);
        return Spans.traceparent(span.getSpanContext());
    }

    /** Whatever came of the request. */
    public void answered(Exchange exchange) {
        if (!spans.isOn()) {
            return;
        }
        Span span = spans.take(exchange, this);
        span.setAttribute(Spans.SITE, exchange.getProperty("RelaySite", String.class))
                .setAttribute(Spans.EVENT, exchange.getProperty("RelayEvent", String.class))
                .setAttribute(Spans.KEY, exchange.getProperty("RelayKey", String.class))
                .setAttribute(Spans.REQUEST, exchange.getProperty("RelayRequestId", String.class))
                .setAttribute(Spans.OUTCOME, exchange.getProperty("RelayRequestOutcome", String.class));
        Integer status = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
        if (status != null) {
            span.setAttribute("http.response.status_code", status.longValue());
            if (status >= SERVER_ERROR) {
                span.setStatus(StatusCode.ERROR).setAttribute(Spans.ERROR_TYPE, status.toString());
            }
        }
        span.end();
    }
}
