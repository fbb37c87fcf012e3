package ingress;

import events.Event;
import events.EventLog;
import events.ReceivedEvent;
import ingress.RejectedRequest.Problem;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.spi.Registry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sites.Site;
import sites.SiteKey;
import sites.Sites;

/** What the route receive-event does at each step. */
public final class ReceiveSteps {
    private static final Pattern TRACEPARENT = Pattern.compile("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
    /** RFC 9110, 8.3.1: case does not matter, parameters may follow. */
    private static final Pattern JSON = Pattern.compile("(?i)application/json\\s*(;.*)?");

    /** Contract, section 1. */
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

    private static final Logger LOG = LoggerFactory.getLogger(ReceiveSteps.class);

    private static final String VERIFIED = "RelayVerified";

    private final AddressGate gate;
    private final Sites sites;
    private final RequestVerifier verifier;
    private final RateLimits limits;
    private final Admission admission;
    private final EventParser parser;
    private final EventLog eventLog;
    private final Set<SiteKey> seen = ConcurrentHashMap.newKeySet();

    /** The body of a 202. */
    private record Accepted(String status, UUID id) {}

    /** What is known of a request once its signature holds. */
    private record Verified(Site site, Signed signed, String traceparent) {}

    /** @param isIdSigned whether the idempotency key is, and not only the bytes */
    private record Signed(SiteKey key, String idempotencyKey, boolean isIdSigned) {}

    private ReceiveSteps(
            AddressGate gate,
            Sites sites,
            RequestVerifier verifier,
            RateLimits limits,
            Admission admission,
            EventParser parser,
            EventLog eventLog) {
        this.gate = gate;
        this.sites = sites;
        this.verifier = verifier;
        this.limits = limits;
        this.admission = admission;
        this.parser = parser;
        this.eventLog = eventLog;
    }

    public static ReceiveSteps of(CamelContext context) {
        Registry registry = context.getRegistry();
        return new ReceiveSteps(
                registry.findSingleByType(AddressGate.class),
                registry.findSingleByType(Sites.class),
                registry.findSingleByType(RequestVerifier.class),
                registry.findSingleByType(RateLimits.class),
                registry.findSingleByType(Admission.class),
                registry.findSingleByType(EventParser.class),
                registry.findSingleByType(EventLog.class));
    }

    /** Checks the sender's address and the signature over the raw bytes; after it, no header of the sender's is left. */
    public void verify(Exchange exchange) {
        Message message = exchange.getMessage();
        gate.check(message);
        String contentType = RequestHeaders.optional(message, "Content-Type");
        if (contentType == null || !JSON.matcher(contentType).matches()) {
            throw RejectedRequest.unsupportedMediaType();
        }
        byte[] content = content(message);
        boolean isStandardWebhook =
                message.getHeader("X-WP-Signature") == null && message.getHeader("webhook-signature") != null;
        Signed signed;
        try {
            signed = isStandardWebhook ? verifyStandardWebhook(message, content) : verifyPlugin(message, content);
        } catch (RejectedRequest e) {
            throw limits.refuse(gate.sender(message), e);
        }
        Site site = sites.find(signed.key().site()).orElseThrow(RejectedRequest::badSignature);
        gate.check(message, site.allowed());
        String traceparent = RequestHeaders.optional(message, "traceparent");
        boolean isTraced =
                traceparent != null && TRACEPARENT.matcher(traceparent).matches();
        exchange.setProperty("RelaySite", site.id());
        exchange.setProperty("RelayKeyId", signed.key().id());
        sayOnce(signed.key());
        exchange.setProperty(VERIFIED, new Verified(site, signed, isTraced ? traceparent : null));
        message.removeHeaders("*");
        message.setBody(content);
    }

    /** While a secret is replaced, this and the metric {@code relay_verified_total} say which one is in use. */
    private void sayOnce(SiteKey key) {
        if (seen.add(key)) {
            LOG.info("Site '{}' signs with its key '{}'", key.site(), key.id());
        }
    }

    private Signed verifyPlugin(Message message, byte[] content) {
        String idempotencyKey = RequestHeaders.required(message, "Idempotency-Key");
        SiteKey key = verifier.verify(
                RequestHeaders.required(message, "X-WP-Timestamp"),
                RequestHeaders.list(message, "X-WP-Signature"),
                RequestHeaders.optional(message, "X-WP-Key-Id"),
                content);
        return new Signed(key, idempotencyKey, false);
    }

    /** The id of a Standard Webhook is what it is known by: the same on every attempt, and signed. */
    private Signed verifyStandardWebhook(Message message, byte[] content) {
        String id = RequestHeaders.required(message, "webhook-id");
        SiteKey key = verifier.verifyStandardWebhook(
                id,
                RequestHeaders.required(message, "webhook-timestamp"),
                RequestHeaders.required(message, "webhook-signature"),
                RequestHeaders.optional(message, "X-WP-Key-Id"),
                content);
        if (!KEY.matcher(id).matches()) {
            throw RejectedRequest.invalidEvent(
                    List.of(new Problem("webhook-id", "must be 1 to 64 characters of A-Z a-z 0-9 . _ : -")));
        }
        return new Signed(key, id, true);
    }

    /** Before anything is parsed or written: what is refused costs the relay next to nothing. */
    public void admit(Exchange exchange) {
        Site site = exchange.getProperty(VERIFIED, Verified.class).site();
        limits.take(site);
        admission.admit(site);
    }

    /**
     * Out: the body is a {@link ReceivedEvent} that keeps the contract; its site, key and name are the exchange
     * properties {@code RelaySite}, {@code RelayKey} and {@code RelayEvent}.
     */
    public void parse(Exchange exchange) {
        Verified verified = exchange.getProperty(VERIFIED, Verified.class);
        byte[] payload = content(exchange.getMessage());
        String key = verified.signed().idempotencyKey();
        String event = parser.parse(payload, key, verified.signed().isIdSigned());
        if (!verified.site().maySend(event)) {
            throw RejectedRequest.invalidEvent(List.of(new Problem("event", "is none that this site may send")));
        }
        exchange.setProperty("RelayKey", key);
        exchange.setProperty("RelayEvent", event);
        exchange.getMessage()
                .setBody(new ReceivedEvent(
                        EventLog.nextId(),
                        verified.site().id(),
                        key,
                        event,
                        payload,
                        HttpAnswer.requestId(exchange),
                        verified.traceparent()));
    }

    /** The 202, set last: what is answered is recorded. */
    public void answer(Exchange exchange) {
        ReceivedEvent event = exchange.getMessage().getBody(ReceivedEvent.class);
        if (!exchange.getProperty(Exchange.DUPLICATE_MESSAGE, false, Boolean.class)) {
            admission.recorded(event.site());
            exchange.setProperty(HttpAnswer.OUTCOME, "accepted");
            HttpAnswer.json(exchange, 202, new Accepted("accepted", event.id()));
            return;
        }
        Event recorded = eventLog.find(event.site(), event.key()).orElseThrow();
        if (!Arrays.equals(recorded.payload(), event.payload())) {
            throw RejectedRequest.keyReused();
        }
        exchange.setProperty(HttpAnswer.OUTCOME, "duplicate");
        HttpAnswer.json(exchange, 202, new Accepted("duplicate", recorded.id()));
    }

    private static byte[] content(Message message) {
        byte[] content = message.getBody(byte[].class);
        return content == null ? new byte[0] : content;
    }
}
