package ingress;

import com.fasterxml.jackson.core.JsonProcessingException;
import events.Event;
import events.EventLog;
import events.EventLogHealth;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.spi.Registry;
import sites.Site;

/** What the route report-status does at each step. */
public final class StatusSteps {
    private static final String SITE = "RelayVerifiedSite";
    private static final String KEY = "RelayAskedKey";

    private final Authentication authentication;
    private final RateLimits limits;
    private final EventLog eventLog;
    private final EventLogHealth health;

    private StatusSteps(Authentication authentication, RateLimits limits, EventLog eventLog, EventLogHealth health) {
        this.authentication = authentication;
        this.limits = limits;
        this.eventLog = eventLog;
        this.health = health;
    }

    public static StatusSteps of(CamelContext context) {
        Registry registry = context.getRegistry();
        return new StatusSteps(
                registry.findSingleByType(Authentication.class),
                registry.findSingleByType(RateLimits.class),
                registry.findSingleByType(EventLog.class),
                registry.findSingleByType(EventLogHealth.class));
    }

    /** Checks who asks, by the signature, which is over the key that is asked for. */
    public void verify(Exchange exchange) {
        Message message = exchange.getMessage();
        String key = RequestHeaders.required(message, "key");
        Site site = authentication.ofQuestion(message, key);
        limits.take(site);
        exchange.setProperty(SITE, site.id());
        exchange.setProperty(KEY, key);
    }

    /** A site sees its own events and no others. */
    public void answer(Exchange exchange) throws JsonProcessingException {
        String site = exchange.getProperty(SITE, String.class);
        String key = exchange.getProperty(KEY, String.class);
        Event event = health.use(() -> eventLog.find(site, key)).orElseThrow(RejectedRequest::notFound);
        HttpAnswer.json(exchange, 200, EventStatus.of(event));
    }
}
