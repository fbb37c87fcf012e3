package routes;

import events.Failures;
import events.PermanentFailure;
import operations.BatchingListenerContainer;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.processor.aggregate.UseOriginalAggregationStrategy;

/**
 * The worker: one message, one attempt at each event that it stands for, mostly one (WorkOnEvent). In Java because it
 * is transactional: taking the message and whatever failure-policy sends in place of an event (a later try, a dead
 * letter) are one transaction of the broker.
 */
public final class ProcessEvent extends RouteBuilder {
    @Override
    public void configure() {
        WorkSteps steps = WorkSteps.of(getContext());
        Failures failures = getContext().getRegistry().findSingleByType(Failures.class);
        errorHandler(defaultErrorHandler().disableRedelivery().logExhausted(false));

        from("activemq:queue:relay.events?concurrentConsumers={{relay.workers}}")
                .routeId("process-event")
                .description("Claims the events of a message, has each worked on and records which are done.")
                // By StartWork, once the user's own automations are there.
                .autoStartup(false)
                .onException(PermanentFailure.class)
                .onWhen(steps::isOfTheMessage)
                .handled(true)
                .to("direct:dead-letter")
                .process(ProcessEvent::commitSoon)
                .end()
                .onException(Throwable.class)
                .onWhen(exchange -> steps.isOfTheMessage(exchange) && failures.isEventLogAway(exchange))
                .handled(true)
                .process(steps::restore)
                .to("direct:hand-back")
                .process(ProcessEvent::commitSoon)
                .end()
                .choice()
                .when(header(RecoverStranded.WATERMARK).isNotNull())
                .to("direct:recover-stranded")
                .id("watermark")
                .otherwise()
                .process(steps::claim)
                .id("claim")
                .split(body(), new UseOriginalAggregationStrategy(true))
                .doTry()
                .to("direct:work-on-event")
                .id("each-event")
                .doCatch(Throwable.class)
                // Where failure-policy had written down what becomes of the event, and could not.
                .onWhen(failures::isEventLogAway)
                .to("direct:hand-back")
                .process(ProcessEvent::commitSoon)
                .endDoTry()
                .end()
                .end()
                .process(steps::finish)
                .id("finish")
                .end();
    }

    /** What was sent in place of a message is not to wait for the commit of the next. */
    static void commitSoon(Exchange sent) {
        BatchingListenerContainer.commitAfterThis();
    }
}
