package routes;

import events.EventLogIdempotentRepository;
import ingress.HttpAnswer;
import ingress.ReceiveSteps;
import ingress.RejectedRequest;
import operations.RelayMetrics;
import org.apache.camel.builder.RouteBuilder;
import statistics.EventCounts;
import tracing.RequestSpans;

/**
 * Events in: POST /webhooks/wp. Accepting is recording: the 202 is set after the row is durable, and nothing is sent
 * to the broker before it. No thread waits for the commit: up to the step "record" a request is worked on where it was
 * read, on an event loop of Vert.x, so nothing there may block; after it on a writer's thread. In Java because it is
 * the security boundary. It answers within 8 seconds, since the plugin waits for 10.
 */
public final class ReceiveEvent extends RouteBuilder {
    @Override
    public void configure() {
        ReceiveSteps steps = ReceiveSteps.of(getContext());
        errorHandler(defaultErrorHandler().disableRedelivery().logExhausted(false));
        RelayMetrics metrics = getContext().getRegistry().findSingleByType(RelayMetrics.class);
        EventCounts counts = getContext().getRegistry().findSingleByType(EventCounts.class);
        RequestSpans spans = getContext().getRegistry().findSingleByType(RequestSpans.class);
        onCompletion()
                .modeBeforeConsumer()
                .process(metrics::received)
                .process(counts::received)
                .process(spans::answered);
        onException(RejectedRequest.class).handled(true).process(HttpAnswer::reject);
        onException(Exception.class).handled(true).process(HttpAnswer::unavailable);

        EventLogIdempotentRepository eventLog =
                getContext().getRegistry().findSingleByType(EventLogIdempotentRepository.class);
        from("platform-http:/webhooks/wp?httpMethodRestrict=POST&requestTimeout=8000&platformHttpEngine=#eventLoopEngine")
                .routeId("receive-event")
                .description("Verifies a signed event, records it once and answers 202.")
                .process(steps::verify)
                .id("verify-signature")
                .process(steps::admit)
                .id("admit")
                .process(steps::parse)
                .id("parse-and-validate")
                .process(eventLog.recorder())
                .id("record")
                .idempotentConsumer(simple("${exchangeProperty.RelaySite}/${exchangeProperty.RelayKey}"))
                .idempotentRepository("idempotentRepository")
                .removeOnFailure(false)
                .id("part-duplicates")
                .to(DispatchEvents.WAKE)
                .id("signal-recorded")
                .end()
                .process(steps::answer)
                .id("answer-202");
    }
}
