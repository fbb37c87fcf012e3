package ingress;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.spi.Registry;
import sites.Site;
import sites.SiteKey;
import text.Sha256;

/** What the route check-connection does at each step: it tells a site how its request reached the relay. */
public final class CheckSteps {
    /** In bytes. */
    private static final int LONGEST = 16 * 1024;

    private final Authentication authentication;
    private final RateLimits limits;
    private final Clock clock;

    private CheckSteps(Authentication authentication, RateLimits limits, Clock clock) {
        this.authentication = authentication;
        this.limits = limits;
        this.clock = clock;
    }

    public static CheckSteps of(CamelContext context) {
        Registry registry = context.getRegistry();
        return new CheckSteps(
                registry.findSingleByType(Authentication.class),
                registry.findSingleByType(RateLimits.class),
                Clock.systemUTC());
    }

    /**
     * Out: what is answered as body, a Map, and no header. Where the signature holds, the site is in the exchange property
     * {@code RelaySite}; where it does not, whatever the reason is, the route ends here.
     */
    public void verify(Exchange exchange) {
        Message message = exchange.getMessage();
        byte[] read = message.getBody(byte[].class);
        byte[] content = read == null ? new byte[0] : read; // of a form, say
        if (content.length > LONGEST) {
            throw RejectedRequest.payloadTooLarge();
        }
        Optional<SiteKey> key = authentication.ofCheck(message, content);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("verified", key.isPresent());
        answer.put("time", clock.instant().getEpochSecond());
        answer.put("bytes", content.length);
        answer.put("sha256", Sha256.hex(content));
        if (key.isEmpty()) {
            HttpAnswer.json(exchange, 200, answer);
            exchange.setRouteStop(true);
            return;
        }
        Site site = authentication.site(message, key.get());
        limits.take(site);
        answer.put("site", site.id());
        answer.put("key_id", key.get().id());
        exchange.setProperty("RelaySite", site.id());
        message.removeHeaders("*");
        message.setBody(answer);
    }

    public void answer(Exchange exchange) {
        HttpAnswer.json(exchange, 200, exchange.getMessage().getBody());
    }
}
