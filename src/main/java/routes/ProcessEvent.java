package routes;

import events.Failures;
import events.PermanentFailure;
import operations.BatchingListenerContainer;
import operations.RelayMetrics;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.processor.aggregate.UseOriginalAggregationStrategy;

/**
 * The worker: one message, one attempt at each event that it stands for, mostly one. In Java because it is transactional:
 * taking the message and whatever failure-policy sends in place of an event (a later try, a dead letter) are one
 * transaction of the broker.
 */
public final class ProcessEvent extends RouteBuilder {
    @Override
    public void configure() {
        WorkSteps steps = WorkSteps.of(getContext());
        RelayMetrics metrics = getContext().getRegistry().findSingleByType(RelayMetrics.class);
        Failures failures = getContext().getRegistry().findSingleByType(Failures.class);
        errorHandler(defaultErrorHandler().disableRedelivery().logExhausted(false));

        from("activemq:queue:relay.events?concurrentConsumers={{relay.workers}}")
                .routeId("process-event")
                .description("Claims the events of a message, has each worked on and records which are done.")
                .onException(PermanentFailure.class)
                .onWhen(steps::isOfTheMessage)
                .handled(true)
                .to("direct:dead-letter")
                .end()
                .onException(Throwable.class)
                .onWhen(exchange -> steps.isOfTheMessage(exchange) && failures.isEventLogAway(exchange))
                .handled(true)
                .process(steps::restore)
                .to("direct:hand-back")
                .end()
                .choice()
                .when(header(RecoverStranded.WATERMARK).isNotNull())
                .to("direct:recover-stranded")
                .id("watermark")
                .otherwise()
                .process(steps::claim)
                .id("claim")
                .split(body(), new UseOriginalAggregationStrategy(true))
                .to("direct:work-on-event")
                .id("each-event")
                .end()
                .process(steps::finish)
                .id("finish")
                .end();

        from("direct:work-on-event")
                .routeId("work-on-event")
                .description("Gives a claimed event to its automation.")
                .routeConfigurationId("failure-policy")
                .onCompletion()
                .modeBeforeConsumer()
                .onWhen(exchangeProperty(Failures.OUTCOME).isNotNull())
                .process(steps::measure)
                .process(metrics::processed)
                .process(ProcessEvent::leaveBatch)
                .end()
                .process(steps::begin)
                .id("begin")
                .to("direct:route-event")
                .id("automation")
                .process(steps::end)
                .id("end");
    }

    /** What was sent in place of the message is not to wait for the commit of the next. */
    private static void leaveBatch(Exchange exchange) {
        if (!"done".equals(exchange.getProperty(Failures.OUTCOME))) {
            BatchingListenerContainer.commitAfterThis();
        }
    }
}
