package routes;

import events.Failures;
import operations.RelayMetrics;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import statistics.EventCounts;

/** One attempt at one event. In Java because what failure-policy sends is part of the transaction of ProcessEvent. */
public final class WorkOnEvent extends RouteBuilder {
    @Override
    public void configure() {
        WorkSteps steps = WorkSteps.of(getContext());
        RelayMetrics metrics = getContext().getRegistry().findSingleByType(RelayMetrics.class);
        EventCounts counts = getContext().getRegistry().findSingleByType(EventCounts.class);
        errorHandler(defaultErrorHandler().disableRedelivery().logExhausted(false));

        from("direct:work-on-event")
                .routeId("work-on-event")
                .description("Gives a claimed event to its automation.")
                .routeConfigurationId("failure-policy")
                .onCompletion()
                .modeBeforeConsumer()
                .onWhen(exchangeProperty(Failures.OUTCOME).isNotNull())
                .process(steps::measure)
                .process(metrics::processed)
                .process(counts::processed)
                .process(WorkOnEvent::leaveBatch)
                .end()
                .process(steps::begin)
                .id("begin")
                .to("direct:route-event")
                .id("automation")
                .process(steps::end)
                .id("end");
    }

    private static void leaveBatch(Exchange exchange) {
        if (!"done".equals(exchange.getProperty(Failures.OUTCOME))) {
            ProcessEvent.commitSoon(exchange);
        }
    }
}
