package crm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import events.Answer;
import events.AnswerLog;
import events.Event;
import events.Failures;
import java.net.URI;
import java.time.Clock;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.Message;
import org.apache.camel.component.http.HttpMethods;
import sites.StandardWebhooks;

/**
 * Turns a qualified lead into a webhook for a CRM, signed as Standard Webhooks 1.0.0 has it (contract, section 4), and
 * remembers that the CRM has taken it: not every receiver drops a {@code webhook-id} that it has seen, and a later failure
 * of the call-back would tell it again.
 */
public final class CrmWebhook {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What the event log knows the delivery by, and the second half of the {@code webhook-id}. */
    private static final String TASK = "notify_crm";

    private final URI address;
    private final StandardWebhooks webhooks;
    private final AnswerLog deliveries;
    private final Clock clock;

    /**
     * @param address empty: no CRM is told
     * @param secret with an address, one for which {@link StandardWebhooks#isSecret} holds
     */
    public CrmWebhook(String address, String secret, AnswerLog deliveries, Clock clock) {
        this.address = address.isEmpty() ? null : URI.create(address);
        this.webhooks = address.isEmpty() ? null : new StandardWebhooks(secret);
        this.deliveries = deliveries;
        this.clock = clock;
    }

    /** For routes: whether there is a CRM, and it has not taken this event's lead yet. */
    public boolean isToBeTold(@Header("RelayId") String event) {
        return address != null && deliveries.find(UUID.fromString(event), TASK).isEmpty();
    }

    /** For routes: the CRM's address, without the query. */
    public String address() {
        return address.toString().replaceFirst("\\?.*", "");
    }

    /**
     * In: a {@code qualify_lead} result as body, the header {@code RelayId}, the event as the exchange property
     * {@code RelayPayload}. Out: the request, with the same body and the same {@code webhook-id} on every attempt.
     */
    public void prepare(Exchange exchange) throws JsonProcessingException {
        Message message = exchange.getMessage();
        byte[] body = JSON.writeValueAsBytes(body(exchange));
        String id = message.getHeader("RelayId", String.class) + ":" + TASK;
        String timestamp = Long.toString(clock.instant().getEpochSecond());
        message.removeHeaders("*", "Relay*");
        message.setBody(body);
        message.setHeader(Exchange.HTTP_METHOD, HttpMethods.POST);
        message.setHeader(Exchange.HTTP_QUERY, address.getRawQuery());
        message.setHeader(Exchange.CONTENT_TYPE, "application/json");
        message.setHeader("webhook-id", id);
        message.setHeader("webhook-timestamp", timestamp);
        message.setHeader("webhook-signature", webhooks.sign(id, timestamp, body));
    }

    private static Map<String, Object> body(Exchange exchange) {
        Map<?, ?> lead = exchange.getProperty("RelayPayload", Map.class);
        Map<?, ?> result = exchange.getMessage().getBody(Map.class);
        Map<String, Object> data = new LinkedHashMap<>();
        for (String field : new String[] {"lead_id", "form", "site"}) {
            data.put(field, lead.get(field));
        }
        data.put("fields", lead.get("fields") == null ? Map.of() : lead.get("fields"));
        for (String field : new String[] {"category", "score", "summary"}) {
            data.put(field, result.get(field));
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "lead.qualified");
        body.put("timestamp", receivedAt(exchange));
        body.put("data", data);
        return body;
    }

    /** When the relay took the lead, which no attempt changes. */
    private static String receivedAt(Exchange exchange) {
        Event event = exchange.getProperty(Failures.EVENT, Event.class);
        return DateTimeFormatter.ISO_INSTANT.format(
                event.receivedAt().toInstant().truncatedTo(ChronoUnit.SECONDS));
    }

    /** The CRM took it, with a status below 300. */
    public void taken(@Header("RelayId") String event) {
        deliveries.keep(UUID.fromString(event), new Answer(TASK, "crm", AnswerLog.NO_MODEL, "{}"));
    }
}
