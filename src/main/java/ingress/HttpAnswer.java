package ingress;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import events.EventLog;
import events.EventLogAway;
import events.FailureReason;
import java.nio.ByteBuffer;
import java.util.Map;
import logging.EventInHand;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Every answer over HTTP: JSON, with {@code X-Request-Id}, and nothing of the request echoed. */
public final class HttpAnswer {
    private static final Logger LOG = LoggerFactory.getLogger(HttpAnswer.class);
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(com.fasterxml.jackson.databind.SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();
    /** The exchange property with what came of a request, for the metrics: {@code accepted}, {@code bad_signature}, … */
    static final String OUTCOME = "RelayRequestOutcome";

    private static final String REQUEST_ID = "RelayRequestId";
    static final int RETRY_AFTER_SECONDS = 5;

    private HttpAnswer() {}

    /** The id of this request: the same in its answer, in the event log and in the logs. */
    public static String requestId(Exchange exchange) {
        String id = exchange.getProperty(REQUEST_ID, String.class);
        if (id == null) {
            id = EventLog.nextId().toString();
            exchange.setProperty(REQUEST_ID, id);
        }
        return id;
    }

    public static void json(Exchange exchange, int status, Object body) {
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        message.setHeader(Exchange.CONTENT_TYPE, "application/json");
        message.setHeader("X-Request-Id", requestId(exchange));
        // A ByteBuffer is written with its length and in one piece; a String would be chunked.
        message.setBody(ByteBuffer.wrap(bytes(body)));
    }

    /** Answers a {@link RejectedRequest}. */
    public static void reject(Exchange exchange) {
        RejectedRequest rejected = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, RejectedRequest.class);
        // A refusal for load is said once, where it is decided: a line for each would be more load.
        log(exchange, rejected.status() == 429 ? Level.DEBUG : Level.INFO, rejected.status(), rejected.getMessage());
        exchange.setProperty(OUTCOME, rejected.getMessage().replace(' ', '_'));
        json(exchange, rejected.status(), rejected.body());
        rejected.headers().forEach(exchange.getMessage()::setHeader);
    }

    /** Answers whatever else went wrong: the sender keeps the event and comes again, to a duplicate at worst. */
    public static void unavailable(Exchange exchange) {
        Throwable cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        // That it is away is said once, and not for every request.
        log(exchange, cause instanceof EventLogAway ? Level.DEBUG : Level.WARN, 503, FailureReason.rootLine(cause));
        exchange.setProperty(OUTCOME, "unavailable");
        json(exchange, 503, Map.of("error", "unavailable"));
        exchange.getMessage().setHeader("Retry-After", RETRY_AFTER_SECONDS);
    }

    private static void log(Exchange exchange, Level level, int status, String reason) {
        String id = requestId(exchange);
        if (LOG.isEnabledForLevel(level)) {
            try (EventInHand.Scope inHand = EventInHand.of(exchange)) {
                LOG.atLevel(level).log("Request {} answered {}: {}", id, status, reason);
            }
        }
    }

    /** What an answer with this body says, for who shows it in another way. */
    public static JsonNode tree(Object body) {
        return JSON.valueToTree(body);
    }

    static byte[] bytes(Object body) {
        try {
            return JSON.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer of ours is always JSON", e);
        }
    }
}
