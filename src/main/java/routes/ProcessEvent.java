package routes;

import events.Failures;
import operations.BatchingListenerContainer;
import operations.RelayMetrics;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;

/**
 * The worker: one message, one attempt at one event. In Java because it is transactional: taking the message and
 * whatever failure-policy sends in its place (a later try, a dead letter) are one transaction of the broker.
 */
public final class ProcessEvent extends RouteBuilder {
    @Override
    public void configure() {
        WorkSteps steps = WorkSteps.of(getContext());
        RelayMetrics metrics = getContext().getRegistry().findSingleByType(RelayMetrics.class);
        onCompletion().modeBeforeConsumer().process(metrics::processed).process(ProcessEvent::leaveBatch);
        errorHandler(defaultErrorHandler().disableRedelivery().logExhausted(false));

        from("activemq:queue:relay.events?concurrentConsumers={{relay.workers}}")
                .routeId("process-event")
                .description("Claims the queued event, gives it to its automation and records what came of it.")
                .routeConfigurationId("failure-policy")
                .choice()
                .when(header(RecoverStranded.WATERMARK).isNotNull())
                .to("direct:recover-stranded")
                .id("watermark")
                .otherwise()
                .process(steps::claim)
                .id("claim")
                .filter(body().isNotNull())
                .to("direct:route-event")
                .id("automation")
                .process(steps::finish)
                .id("finish")
                .end()
                .end();
    }

    /** What was sent in place of the message is not to wait for the commit of the next. */
    private static void leaveBatch(Exchange exchange) {
        if (!"done".equals(exchange.getProperty(Failures.OUTCOME))) {
            BatchingListenerContainer.commitAfterThis();
        }
    }
}
