package ingress;

import events.Event;
import events.EventLog;
import events.ReceivedEvent;
import java.util.Arrays;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.spi.Registry;

/** What the route receive-event does at each step. */
public final class ReceiveSteps {
    private static final Pattern TRACEPARENT = Pattern.compile("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
    /** RFC 9110, 8.3.1: case does not matter, parameters may follow. */
    private static final Pattern JSON = Pattern.compile("(?i)application/json\\s*(;.*)?");

    private static final String VERIFIED = "RelayVerified";

    private final RequestVerifier verifier;
    private final Admission admission;
    private final EventParser parser;
    private final EventLog eventLog;

    /** The body of a 202. */
    private record Accepted(String status, UUID id) {}

    /** What is known of a request once its signature holds. */
    private record Verified(SiteKey key, String idempotencyKey, String traceparent) {}

    private ReceiveSteps(RequestVerifier verifier, Admission admission, EventParser parser, EventLog eventLog) {
        this.verifier = verifier;
        this.admission = admission;
        this.parser = parser;
        this.eventLog = eventLog;
    }

    public static ReceiveSteps of(CamelContext context) {
        Registry registry = context.getRegistry();
        return new ReceiveSteps(
                registry.findSingleByType(RequestVerifier.class),
                registry.findSingleByType(Admission.class),
                registry.findSingleByType(EventParser.class),
                registry.findSingleByType(EventLog.class));
    }

    /** Checks the signature over the raw bytes; after it, no header of the sender's is left. */
    public void verify(Exchange exchange) {
        Message message = exchange.getMessage();
        String contentType = RequestHeaders.optional(message, "Content-Type");
        if (contentType == null || !JSON.matcher(contentType).matches()) {
            throw RejectedRequest.unsupportedMediaType();
        }
        String idempotencyKey = RequestHeaders.required(message, "Idempotency-Key");
        byte[] content = content(message);
        SiteKey key = verifier.verify(
                RequestHeaders.required(message, "X-WP-Timestamp"),
                RequestHeaders.list(message, "X-WP-Signature"),
                RequestHeaders.optional(message, "X-WP-Key-Id"),
                content);
        String traceparent = RequestHeaders.optional(message, "traceparent");
        boolean isTraced =
                traceparent != null && TRACEPARENT.matcher(traceparent).matches();
        exchange.setProperty("RelaySite", key.site());
        exchange.setProperty(VERIFIED, new Verified(key, idempotencyKey, isTraced ? traceparent : null));
        message.removeHeaders("*");
        message.setBody(content);
    }

    /** Before anything is parsed or written: what is refused costs the relay next to nothing. */
    public void admit(Exchange exchange) {
        admission.admit(exchange.getProperty(VERIFIED, Verified.class).key().site());
    }

    /**
     * Out: the body is a {@link ReceivedEvent} that keeps the contract; its site, key and name are the exchange
     * properties {@code RelaySite}, {@code RelayKey} and {@code RelayEvent}.
     */
    public void parse(Exchange exchange) {
        Verified verified = exchange.getProperty(VERIFIED, Verified.class);
        byte[] payload = content(exchange.getMessage());
        String event = parser.parse(payload, verified.idempotencyKey());
        exchange.setProperty("RelayKey", verified.idempotencyKey());
        exchange.setProperty("RelayEvent", event);
        exchange.getMessage()
                .setBody(new ReceivedEvent(
                        EventLog.nextId(),
                        verified.key().site(),
                        verified.idempotencyKey(),
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
