package logging;

import events.Event;
import events.Failures;
import java.util.Set;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.AsyncProcessorConverterHelper;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * Around each step of a route, on whatever thread it runs: lines that it logs bear the event that the exchange is about.
 * With the step it ends, so that none is left to the thread's next event.
 */
public final class LoggedSteps implements InterceptStrategy {
    /** These have no claimed event, and many exchanges. */
    private static final Set<String> WITHOUT_EVENT = Set.of("receive-event", "queue-events", "dispatch-events");

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode step, Processor target, Processor next) {
        return WITHOUT_EVENT.contains(String.valueOf(routeId(step)))
                ? target
                : new LoggedStep(AsyncProcessorConverterHelper.convert(target));
    }

    private static String routeId(NamedNode step) {
        NamedNode node = step;
        while (node.getParent() != null) {
            node = node.getParent();
        }
        return node.getId();
    }

    private static final class LoggedStep extends DelegateAsyncProcessor {
        LoggedStep(org.apache.camel.AsyncProcessor step) {
            super(step);
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            if (!(exchange.getProperty(Failures.EVENT) instanceof Event event)) {
                return super.process(exchange, callback);
            }
            try (EventInHand.Scope inHand = EventInHand.of(event)) {
                return super.process(exchange, callback);
            }
        }
    }
}
