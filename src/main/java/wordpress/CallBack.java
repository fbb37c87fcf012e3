package wordpress;

import batch.BatchItem;
import batch.BatchRun;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import events.AttemptLog;
import events.PermanentFailure;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import sites.Site;
import sites.Sites;

/**
 * Turns a result into the request that brings it to WordPress (contract, section 4): who it is for, under which
 * {@code Idempotency-Key}, with both proofs, since some hosts strip {@code Authorization}.
 */
public final class CallBack {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> STATUSES = Set.of("applied", "duplicate", "suggested", "unchanged");

    /** The exchange property with what came of the call-back, for the metrics. */
    private static final String OUTCOME = "RelayCallBackOutcome";

    private final Sites sites;
    private final Clock clock;

    public CallBack(Sites sites, Clock clock) {
        this.sites = sites;
        this.clock = clock;
    }

    /**
     * In: the result as body, the headers {@code RelaySite}, {@code RelayEvent}, {@code RelayKey} and
     * {@code RelayAiTask}, the event as the exchange property {@code RelayPayload}; for a part of a batch, which one as
     * the header {@code RelayPart}. Out: the request.
     *
     * @throws PermanentFailure when the request is longer than any result that the event log keeps: better now than
     *     when it is applied
     */
    public void prepare(Exchange exchange) throws JsonProcessingException {
        Message message = exchange.getMessage();
        String key = message.getHeader("RelayKey", String.class);
        String action = message.getHeader("RelayAiTask", String.class);
        byte[] body = JSON.writeValueAsBytes(body(exchange, key, action));
        if (body.length > AttemptLog.LONGEST_RESULT) {
            throw new PermanentFailure("the result is longer than " + AttemptLog.LONGEST_RESULT + " bytes");
        }
        // An automation may have left headers that would send this, with its credentials, elsewhere.
        message.removeHeaders("Camel*");
        message.setBody(body);
        message.setHeader(Exchange.HTTP_METHOD, "POST");
        message.setHeader(Exchange.CONTENT_TYPE, "application/json");
        Object part = message.getHeader(BatchItem.PART);
        message.setHeader("Idempotency-Key", key + ":" + action + (part == null ? "" : ":" + part));
        prove(message, body);
        // Until an answer says otherwise.
        exchange.setProperty(OUTCOME, "failed");
    }

    private Map<String, Object> body(Exchange exchange, String key, String action) {
        Message message = exchange.getMessage();
        Map<?, ?> event = exchange.getProperty("RelayPayload", Map.class);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("event", message.getHeader("RelayEvent"));
        body.put("idempotency_key", key);
        body.put("action", action);
        body.put("target", BatchRun.ACTION.equals(action) ? batch(key) : target(event));
        body.put("revision", event.get("revision"));
        body.put("provider", message.getHeader("RelayAiProvider"));
        body.put("model", message.getHeader("RelayAiModel"));
        body.put("result", message.getBody());
        return body;
    }

    private static Map<String, Object> batch(String key) {
        return Map.of("type", "batch", "id", key);
    }

    private static Map<String, Object> target(Map<?, ?> event) {
        Map<String, Object> target = new LinkedHashMap<>();
        for (String type : new String[] {"comment", "lead", "post"}) {
            if (event.get(type + "_id") != null) {
                target.put("type", type);
                target.put("id", event.get(type + "_id"));
                break;
            }
        }
        return target;
    }

    private void prove(Message message, byte[] body) {
        Site site = sites.get(message.getHeader("RelaySite", String.class));
        Instant now = clock.instant();
        String signature = site.sign(now, body);
        if (!signature.isEmpty()) {
            message.setHeader("X-WP-Timestamp", Long.toString(now.getEpochSecond()));
            message.setHeader("X-WP-Signature", signature);
        }
        if (site.basicAuthorization() != null) {
            message.setHeader("Authorization", site.basicAuthorization());
        }
    }

    /**
     * In: WordPress' answer as body. Out: its {@code status}, such as {@code applied}, as the header
     * {@code RelayCallBack}.
     *
     * @throws IOException when it is not the plugin that answered (a maintenance page, say): to be tried again
     */
    public void readAnswer(Exchange exchange) throws IOException {
        String status = null;
        try {
            status = JSON.readTree(exchange.getMessage().getBody(byte[].class))
                    .path("status")
                    .textValue();
        } catch (JsonProcessingException e) {
            // said below
        }
        if (!STATUSES.contains(String.valueOf(status))) {
            throw new IOException("WordPress answered the call-back with something that is not from the plugin");
        }
        exchange.getMessage().setHeader("RelayCallBack", status);
        exchange.setProperty(OUTCOME, status);
    }
}
