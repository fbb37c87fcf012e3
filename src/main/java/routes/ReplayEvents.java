package routes;

import ingress.HttpAnswer;
import ingress.RejectedRequest;
import jakarta.jms.ConnectionFactory;
import operations.EventsApi;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jms.JmsException;
import org.springframework.jms.core.JmsTemplate;

/** {@code /events} on the management port: what became of an event, and another chance for a dead one. */
public final class ReplayEvents extends RouteBuilder {
    private static final Logger LOG = LoggerFactory.getLogger(ReplayEvents.class);
    private static final String ENGINE = "&platformHttpEngine=#managementHttpEngine";

    @Override
    public void configure() {
        EventsApi events = getContext().getRegistry().findSingleByType(EventsApi.class);
        errorHandler(defaultErrorHandler().disableRedelivery().logExhausted(false));
        onException(RejectedRequest.class).handled(true).process(HttpAnswer::reject);
        onException(Exception.class).handled(true).process(HttpAnswer::unavailable);

        from("platform-http:/events?httpMethodRestrict=GET" + ENGINE)
                .routeId("list-events")
                .description("Lists the newest events that match: status, event, site, since, search.")
                .process(events::authorize)
                .process(events::list);

        from("platform-http:/events/{key}?httpMethodRestrict=GET" + ENGINE)
                .routeId("show-event")
                .description("Shows one event with its attempts, payload and result.")
                .process(events::authorize)
                .process(events::show);

        from("platform-http:/events/{key}/replay?httpMethodRestrict=POST" + ENGINE)
                .routeId("replay-event")
                .description("Puts a dead event back into the outbox and takes its dead letter away.")
                .process(events::authorize)
                .process(events::replay)
                .to(DispatchEvents.WAKE)
                .process(this::removeDeadLetter)
                .id("remove-dead-letter");
    }

    private void removeDeadLetter(Exchange exchange) {
        ConnectionFactory broker = getContext().getRegistry().findSingleByType(ConnectionFactory.class);
        JmsTemplate deadLetters = new JmsTemplate(broker);
        deadLetters.setReceiveTimeout(JmsTemplate.RECEIVE_TIMEOUT_NO_WAIT);
        String id = exchange.getProperty("RelayReplayed", String.class);
        try {
            deadLetters.receiveSelected("relay.dead-letters", "RelayId = '" + id + "'");
        } catch (JmsException e) {
            // The replay is recorded all the same; a dead letter that stays behind leads to nothing.
            LOG.warn("The dead letter of {} stays in relay.dead-letters: {}", id, e.getMessage());
        }
    }
}
