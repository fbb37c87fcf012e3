package routes;

import ingress.CheckSteps;
import ingress.HttpAnswer;
import ingress.RejectedRequest;
import org.apache.camel.builder.RouteBuilder;
import wordpress.ConnectionCheck;

/**
 * How a request of a site reaches the relay, and one of the relay's the site: POST /webhooks/wp/check, signed by the
 * site. As in ReceiveEvent, no thread waits: the site is asked on a thread of ConnectionCheck's. It answers within 8
 * seconds.
 */
public final class CheckConnection extends RouteBuilder {
    @Override
    public void configure() {
        CheckSteps steps = CheckSteps.of(getContext());
        ConnectionCheck check = getContext().getRegistry().findSingleByType(ConnectionCheck.class);
        errorHandler(defaultErrorHandler().disableRedelivery().logExhausted(false));
        onException(RejectedRequest.class).handled(true).process(HttpAnswer::reject);
        onException(Exception.class).handled(true).process(HttpAnswer::unavailable);

        from("platform-http:/webhooks/wp/check?httpMethodRestrict=POST&requestTimeout=8000&platformHttpEngine=#eventLoopEngine")
                .routeId("check-connection")
                .description("Tells a site how its request reached the relay, and what the site answers in turn.")
                .process(steps::verify)
                .id("verify-check-signature")
                .process(check)
                .id("ask-site-in-turn")
                .process(steps::answer)
                .id("answer-check");
    }
}
