package wordpress;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import events.AttemptLog;
import events.BatchItems;
import events.PermanentFailure;
import java.io.IOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.http.HttpMethods;
import sites.Site;
import sites.Sites;

/**
 * Turns a result into the request that brings it to WordPress (contract, section 4): who it is for, under which
 * {@code Idempotency-Key}, with both proofs, since some hosts strip {@code Authorization}.
 */
public final class CallBack {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** What a call-back may be about (contract, section 4). */
    private static final List<String> TARGETS = List.of("post", "comment", "lead", "batch", "site");

    private static final Pattern ACTION = Pattern.compile("[a-z][a-z0-9_]{0,63}");
    private static final Set<String> STATUSES = Set.of("applied", "duplicate", "suggested", "unchanged");

    /** The exchange property with what came of the call-back, for the metrics. */
    public static final String OUTCOME = "RelayCallBackOutcome";

    /** The exchange property with when it began, in nanoseconds of the JVM's clock. */
    public static final String BEGAN = "RelayCallBackBegan";

    /** The exchange property with how long it took, in nanoseconds; not there where no answer of the plugin came. */
    public static final String TOOK = "RelayCallBackTook";

    private final Sites sites;
    private final Clock clock;

    public CallBack(Sites sites, Clock clock) {
        this.sites = sites;
        this.clock = clock;
    }

    /**
     * In: the result as body, the headers {@code RelaySite}, {@code RelayEvent} and {@code RelayKey}, the event as the
     * exchange property {@code RelayPayload}. What it is for is {@code RelayAiTask}, unless {@code RelayAction} says
     * otherwise; whom, the event's {@code comment_id}, {@code lead_id} or {@code post_id}, unless {@code RelayTargetType}
     * and {@code RelayTargetId} do; for a part of a batch, which one as the header {@code RelayPart}. Out: the request.
     *
     * @throws PermanentFailure when one of both is not known, or the request is longer than any result that the event log
     *     keeps: better now than when it is applied
     */
    public void prepare(Exchange exchange) throws JsonProcessingException {
        Message message = exchange.getMessage();
        String key = message.getHeader("RelayKey", String.class);
        String action = action(message);
        byte[] body = JSON.writeValueAsBytes(body(exchange, key, action));
        if (body.length > AttemptLog.LONGEST_RESULT) {
            throw new PermanentFailure("the result is longer than " + AttemptLog.LONGEST_RESULT + " bytes");
        }
        // An automation may have left headers that would send this, with its credentials, elsewhere.
        message.removeHeaders("Camel*");
        message.setBody(body);
        message.setHeader(Exchange.HTTP_METHOD, HttpMethods.POST);
        message.setHeader(Exchange.CONTENT_TYPE, "application/json");
        Object part = message.getHeader(BatchItems.PART);
        message.setHeader("Idempotency-Key", key + ":" + action + (part == null ? "" : ":" + part));
        Site site = sites.get(message.getHeader("RelaySite", String.class));
        PluginClient.prove(site, clock.instant(), body, message::setHeader);
        // Until an answer says otherwise.
        exchange.setProperty(OUTCOME, "failed");
        exchange.setProperty(BEGAN, System.nanoTime());
        exchange.removeProperty(TOOK);
    }

    private Map<String, Object> body(Exchange exchange, String key, String action) {
        Message message = exchange.getMessage();
        Map<?, ?> event = exchange.getProperty("RelayPayload", Map.class);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("event", message.getHeader("RelayEvent"));
        body.put("idempotency_key", key);
        body.put("action", action);
        body.put("target", BatchItems.ACTION.equals(action) ? batch(key) : target(message, event));
        body.put("revision", event.get("revision"));
        body.put("provider", message.getHeader("RelayAiProvider"));
        body.put("model", message.getHeader("RelayAiModel"));
        body.put("result", message.getBody());
        return body;
    }

    private static Map<String, Object> batch(String key) {
        return Map.of("type", "batch", "id", key);
    }

    private static String action(Message message) {
        String action = message.getHeader("RelayAction", message.getHeader("RelayAiTask"), String.class);
        if (action == null || !ACTION.matcher(action).matches()) {
            throw new PermanentFailure(
                    "the call-back has no action: the header RelayAction (or RelayAiTask) should be one"
                            + " of lower-case letters, digits and _");
        }
        return action;
    }

    private static Map<String, Object> target(Message message, Map<?, ?> event) {
        String type = message.getHeader("RelayTargetType", String.class);
        Object id = message.getHeader("RelayTargetId");
        if (type == null) {
            type = Stream.of("comment", "lead", "post")
                    .filter(each -> event.get(each + "_id") != null)
                    .findFirst()
                    .orElse("");
            id = event.get(type + "_id");
        }
        if (!TARGETS.contains(type) || id == null) {
            throw new PermanentFailure(
                    "the call-back has no target: the event should have a comment_id, lead_id or post_id,"
                            + " or the automation set the headers RelayTargetType (one of " + String.join(", ", TARGETS)
                            + ") and RelayTargetId");
        }
        Map<String, Object> target = new LinkedHashMap<>();
        target.put("type", type);
        target.put("id", id);
        return target;
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
        exchange.setProperty(TOOK, System.nanoTime() - exchange.getProperty(BEGAN, Long.class));
    }
}
