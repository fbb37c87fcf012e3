package routes;

import ingress.HttpAnswer;
import ingress.RejectedRequest;
import ingress.StatusSteps;
import org.apache.camel.builder.RouteBuilder;

/** How an event went: GET /webhooks/wp/{idempotency key}, signed by the site that sent it. */
public final class ReportStatus extends RouteBuilder {
    @Override
    public void configure() {
        StatusSteps steps = StatusSteps.of(getContext());
        errorHandler(defaultErrorHandler().disableRedelivery().logExhausted(false));
        onException(RejectedRequest.class).handled(true).process(HttpAnswer::reject);
        onException(Exception.class).handled(true).process(HttpAnswer::unavailable);

        from("platform-http:/webhooks/wp/{key}?httpMethodRestrict=GET")
                .routeId("report-status")
                .description("Tells a site how one of its events went.")
                .process(steps::verify)
                .id("verify-status-signature")
                .process(steps::answer)
                .id("answer-status");
    }
}
