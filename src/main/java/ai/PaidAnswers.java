package ai;

import batch.BatchItem;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import events.Answer;
import events.AnswerLog;
import events.Event;
import events.Failures;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * An answer is paid for once: it is kept with its event before anything is done with it, and found again by the next
 * attempt. The event is in the header {@code RelayId}, the task in {@code RelayAiTask}; {@code RelayPart} says which part of
 * a batch it is of.
 */
public final class PaidAnswers {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};

    private final AnswerLog answers;
    private final MeterRegistry meters;

    /** @param meters counts the tokens of each answer, {@code relay_ai_tokens_total} */
    public PaidAnswers(AnswerLog answers, MeterRegistry meters) {
        this.answers = answers;
        this.meters = meters;
    }

    /** Out: the answer of an earlier attempt with {@code RelayAiModel} and {@code RelayAiProvider}; else no such header. */
    public void recall(Exchange exchange) throws JsonProcessingException {
        Message message = exchange.getMessage();
        message.removeHeader("RelayAiModel");
        message.removeHeader("RelayAiProvider");
        if (isFirstAttempt(exchange)) {
            return;
        }
        Optional<Answer> answer = answers.find(event(message), task(message));
        if (answer.isPresent()) {
            use(message, answer.get());
        }
    }

    /** No answer can have been kept yet; a worker that comes late asks once more, and is given the kept one for its own. */
    private static boolean isFirstAttempt(Exchange exchange) {
        Event event = exchange.getProperty(Failures.EVENT, Event.class);
        return event != null && event.attempts() == 1;
    }

    private static void use(Message message, Answer answer) throws JsonProcessingException {
        message.setHeader("RelayAiModel", answer.model());
        message.setHeader("RelayAiProvider", answer.provider());
        message.setBody(JSON.readValue(answer.answer(), FIELDS));
    }

    /** In: a validated answer with {@code RelayAiModel} and {@code RelayAiProvider}. */
    public void keep(Exchange exchange) throws JsonProcessingException {
        Message message = exchange.getMessage();
        Answer kept = answers.keep(
                event(message),
                new Answer(
                        task(message),
                        message.getHeader("RelayAiProvider", String.class),
                        message.getHeader("RelayAiModel", String.class),
                        JSON.writeValueAsString(message.getBody())));
        use(message, kept);
        meters.counter("relay.ai.tokens", "kind", "in")
                .increment(message.getHeader("RelayAiTokensIn", 0, Integer.class));
        meters.counter("relay.ai.tokens", "kind", "out")
                .increment(message.getHeader("RelayAiTokensOut", 0, Integer.class));
    }

    private static UUID event(Message message) {
        return UUID.fromString(message.getHeader("RelayId", String.class));
    }

    /** With what the answer is of, where the event has several. */
    private static String task(Message message) {
        String task = message.getHeader("RelayAiTask", String.class);
        Object part = message.getHeader(BatchItem.PART);
        return part == null ? task : task + ":" + part;
    }
}
