package routes;

import operations.CloseOnStop;
import operations.Redaction;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Registry;
import tracing.RequestSpans;
import tracing.RouteSpans;
import tracing.SendSpans;
import tracing.Spans;
import tracing.Tracing;

/** The wiring of traces. What looks at every exchange is there only where somebody takes them. */
final class TracingBeans {
    private TracingBeans() {}

    static void bind(CamelContext context) throws Exception {
        Registry registry = context.getRegistry();
        Tracing tracing = registry.findSingleByType(Tracing.class);
        Spans spans = new Spans(tracing, registry.findSingleByType(Redaction.class)::apply);
        RouteSpans routes = new RouteSpans(spans);
        registry.bind("requestSpans", new RequestSpans(spans));
        registry.bind("routeSpans", routes);
        if (spans.isOn()) {
            context.addRoutePolicyFactory(routes);
            context.getManagementStrategy().addEventNotifier(new SendSpans(spans));
            context.addService(new CloseOnStop(tracing));
        }
    }
}
