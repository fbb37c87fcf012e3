package ingress;

import com.fasterxml.jackson.core.JsonProcessingException;
import events.Event;
import events.EventLog;
import events.EventLogHealth;
import java.nio.charset.StandardCharsets;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import sites.Site;
import sites.SiteKey;
import sites.Sites;

/** What the route report-status does at each step. */
public final class StatusSteps {
    private static final String SITE = "RelayVerifiedSite";
    private static final String KEY = "RelayAskedKey";

    private final AddressGate gate;
    private final Sites sites;
    private final RequestVerifier verifier;
    private final RateLimits limits;
    private final EventLog eventLog;
    private final EventLogHealth health;

    private StatusSteps(
            AddressGate gate,
            Sites sites,
            RequestVerifier verifier,
            RateLimits limits,
            EventLog eventLog,
            EventLogHealth health) {
        this.gate = gate;
        this.sites = sites;
        this.verifier = verifier;
        this.limits = limits;
        this.eventLog = eventLog;
        this.health = health;
    }

    public static StatusSteps of(CamelContext context) {
        return new StatusSteps(
                context.getRegistry().findSingleByType(AddressGate.class),
                context.getRegistry().findSingleByType(Sites.class),
                context.getRegistry().findSingleByType(RequestVerifier.class),
                context.getRegistry().findSingleByType(RateLimits.class),
                context.getRegistry().findSingleByType(EventLog.class),
                context.getRegistry().findSingleByType(EventLogHealth.class));
    }

    /** Checks the sender's address and the signature, which is over the key that is asked for. */
    public void verify(Exchange exchange) {
        Message message = exchange.getMessage();
        gate.check(message);
        String key = RequestHeaders.required(message, "key");
        SiteKey siteKey;
        try {
            siteKey = verified(message, key);
        } catch (RejectedRequest e) {
            throw limits.refuse(gate.sender(message), e);
        }
        Site site = sites.find(siteKey.site()).orElseThrow(RejectedRequest::badSignature);
        gate.check(message, site.allowed());
        limits.take(site);
        exchange.setProperty(SITE, site.id());
        exchange.setProperty(KEY, key);
    }

    private SiteKey verified(Message message, String key) {
        return verifier.verify(
                RequestHeaders.required(message, "X-WP-Timestamp"),
                RequestHeaders.list(message, "X-WP-Signature"),
                RequestHeaders.optional(message, "X-WP-Key-Id"),
                key.getBytes(StandardCharsets.UTF_8));
    }

    /** A site sees its own events and no others. */
    public void answer(Exchange exchange) throws JsonProcessingException {
        String site = exchange.getProperty(SITE, String.class);
        String key = exchange.getProperty(KEY, String.class);
        Event event = health.use(() -> eventLog.find(site, key)).orElseThrow(RejectedRequest::notFound);
        HttpAnswer.json(exchange, 200, EventStatus.of(event));
    }
}
