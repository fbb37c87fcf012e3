package ingress;

import com.fasterxml.jackson.databind.JsonNode;
import contact.Heard;
import events.Event;
import events.EventLog;
import events.ReceivedEvent;
import events.TraceParent;
import ingress.Authentication.Sender;
import ingress.EventSignature.Signed;
import ingress.RejectedRequest.Problem;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import logging.EventInHand;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.spi.Registry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sites.Site;
import tracing.RequestSpans;

/** What the route receive-event does at each step. */
public final class ReceiveSteps {
    /** RFC 9110, 8.3.1: case does not matter, parameters may follow. */
    private static final Pattern JSON = Pattern.compile("(?i)application/json\\s*(;.*)?");

    private static final Logger LOG = LoggerFactory.getLogger(ReceiveSteps.class);

    private static final String VERIFIED = "RelayVerified";
    private static final String SEQUENCE = "RelaySequence";

    private final Authentication authentication;
    private final RateLimits limits;
    private final Admission admission;
    private final EventParser parser;
    private final EventLog eventLog;
    private final Heard heard;
    private final RequestSpans spans;

    /** The body of a 202. */
    private record Accepted(String status, UUID id) {}

    /**
     * What is known of a request once its signature holds.
     *
     * @param traceparent what the event goes on with
     */
    private record Verified(Sender sender, String traceparent) {}

    private ReceiveSteps(
            Authentication authentication,
            RateLimits limits,
            Admission admission,
            EventParser parser,
            EventLog eventLog,
            Heard heard,
            RequestSpans spans) {
        this.authentication = authentication;
        this.limits = limits;
        this.admission = admission;
        this.parser = parser;
        this.eventLog = eventLog;
        this.heard = heard;
        this.spans = spans;
    }

    public static ReceiveSteps of(CamelContext context) {
        Registry registry = context.getRegistry();
        return new ReceiveSteps(
                registry.findSingleByType(Authentication.class),
                registry.findSingleByType(RateLimits.class),
                registry.findSingleByType(Admission.class),
                registry.findSingleByType(EventParser.class),
                registry.findSingleByType(EventLog.class),
                registry.findSingleByType(Heard.class),
                registry.findSingleByType(RequestSpans.class));
    }

    /** Checks who sends it, by the signature over the raw bytes; after it, no header of the sender's is left. */
    public void verify(Exchange exchange) {
        Message message = exchange.getMessage();
        String contentType = RequestHeaders.optional(message, "Content-Type");
        if (contentType == null || !JSON.matcher(contentType).matches()) {
            answerPing(exchange);
            return;
        }
        byte[] content = content(message);
        Sender sender = authentication.ofEvent(message, content);
        String traceparent = spans.verified(exchange, RequestHeaders.optional(message, TraceParent.HEADER));
        exchange.setProperty(EventInHand.TRACEPARENT, traceparent);
        exchange.setProperty("RelayKey", sender.signed().idempotencyKey());
        exchange.setProperty("RelaySite", sender.site().id());
        exchange.setProperty("RelayKeyId", sender.signed().key().id());
        exchange.setProperty(VERIFIED, new Verified(sender, traceparent));
        message.removeHeaders("*");
        message.setBody(content);
    }

    /** What is no JSON is no event; WooCommerce's ping says nothing, and is content with a 200. */
    private void answerPing(Exchange exchange) {
        if (!authentication.isPing(exchange.getMessage())) {
            throw RejectedRequest.unsupportedMediaType();
        }
        exchange.setProperty(HttpAnswer.OUTCOME, "ping");
        HttpAnswer.json(exchange, 200, Map.of("status", "pong"));
        exchange.setRouteStop(true);
    }

    /** Before anything is parsed or written: what is refused costs the relay next to nothing. */
    public void admit(Exchange exchange) {
        Site site = exchange.getProperty(VERIFIED, Verified.class).sender().site();
        limits.take(site);
        admission.admit(site);
    }

    /**
     * Out: the body is a {@link ReceivedEvent} that keeps the contract; its site, key and name are the exchange
     * properties {@code RelaySite}, {@code RelayKey} and {@code RelayEvent}.
     */
    public void parse(Exchange exchange) {
        Verified verified = exchange.getProperty(VERIFIED, Verified.class);
        Sender sender = verified.sender();
        byte[] payload = content(exchange.getMessage());
        String key = sender.signed().idempotencyKey();
        String event = parse(exchange, sender.signed(), payload);
        if (!sender.site().maySend(event)) {
            throw RejectedRequest.invalidEvent(List.of(new Problem("event", "is none that this site may send")));
        }
        exchange.setProperty("RelayEvent", event);
        exchange.getMessage()
                .setBody(new ReceivedEvent(
                        EventLog.nextId(),
                        sender.site().id(),
                        key,
                        event,
                        payload,
                        HttpAnswer.requestId(exchange),
                        verified.traceparent()));
    }

    private String parse(Exchange exchange, Signed signed, byte[] payload) {
        if (signed.topic() == null) {
            JsonNode event = parser.read(payload, signed.idempotencyKey(), signed.isIdSigned());
            if (!signed.isIdSigned()) { // Another sender's numbers are not the plugin's.
                exchange.setProperty(SEQUENCE, EventParser.sequence(event));
            }
            return event.path("event").textValue();
        }
        parser.parse(payload, signed.topic());
        return signed.topic();
    }

    /** The 202, set last: what is answered is recorded. */
    public void answer(Exchange exchange) {
        ReceivedEvent event = exchange.getMessage().getBody(ReceivedEvent.class);
        if (!exchange.getProperty(Exchange.DUPLICATE_MESSAGE, false, Boolean.class)) {
            admission.recorded(event.site());
            came(exchange, event);
            exchange.setProperty(HttpAnswer.OUTCOME, "accepted");
            say(exchange, "accepted");
            HttpAnswer.json(exchange, 202, new Accepted("accepted", event.id()));
            return;
        }
        Event recorded = eventLog.find(event.site(), event.key()).orElseThrow();
        // Of an erased event nothing is left to compare with.
        if (recorded.erasedAt() == null && !Arrays.equals(recorded.payload(), event.payload())) {
            throw RejectedRequest.keyReused();
        }
        came(exchange, event);
        exchange.setProperty(HttpAnswer.OUTCOME, "duplicate");
        say(exchange, "a duplicate");
        HttpAnswer.json(exchange, 202, new Accepted("duplicate", recorded.id()));
    }

    /** Not at INFO: what becomes of an event is a line of its own, and one for each is enough. */
    private static void say(Exchange exchange, String what) {
        if (LOG.isDebugEnabled()) {
            try (EventInHand.Scope inHand = EventInHand.of(exchange)) {
                LOG.debug("{} {} is {}", exchange.getProperty("RelayEvent"), exchange.getProperty("RelayKey"), what);
            }
        }
    }

    private void came(Exchange exchange, ReceivedEvent event) {
        heard.event(event.site(), exchange.getProperty(SEQUENCE, 0L, Long.class));
    }

    private static byte[] content(Message message) {
        byte[] content = message.getBody(byte[].class);
        return content == null ? new byte[0] : content;
    }
}
