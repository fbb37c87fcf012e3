package ai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import events.Answer;
import events.AnswerLog;
import events.BatchItems;
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
 * attempt, and by any other event of the site that asks the same. The event is in the header {@code RelayId}, the task in
 * {@code RelayAiTask}; {@code RelayPart} says which part of a batch it is of.
 */
public final class PaidAnswers {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};

    /** The exchange property with the hash of what is asked, while it is. */
    private static final String QUESTION = "RelayAiQuestion";

    private final AnswerLog answers;
    private final Questions questions;
    private final Spending spending;
    private final MeterRegistry meters;

    public PaidAnswers(AnswerLog answers, Questions questions, Spending spending, MeterRegistry meters) {
        this.answers = answers;
        this.questions = questions;
        this.spending = spending;
        this.meters = meters;
    }

    /**
     * Out: the answer that was paid for, with {@code RelayAiModel} and {@code RelayAiProvider}; else no such header, and
     * {@link #end} has to be called.
     *
     * @throws events.HeldBack when the same is being asked for another event
     */
    public void recall(Exchange exchange) throws JsonProcessingException {
        Message message = exchange.getMessage();
        message.removeHeader("RelayAiModel");
        message.removeHeader("RelayAiProvider");
        message.removeHeader("RelayAiTokensIn");
        message.removeHeader("RelayAiTokensOut");
        exchange.removeProperty(QUESTION);
        Spent.begin(exchange);
        Optional<Answer> own =
                isFirstAttempt(exchange) ? Optional.empty() : answers.find(event(message), task(message));
        Optional<Answer> answer = own.isPresent() ? own : reuse(exchange);
        if (answer.isPresent()) {
            use(message, answer.get());
        }
    }

    /** No answer can have been kept yet; a worker that comes late asks once more, and is given the kept one for its own. */
    private static boolean isFirstAttempt(Exchange exchange) {
        Event event = exchange.getProperty(Failures.EVENT, Event.class);
        return event != null && event.attempts() == 1;
    }

    private Optional<Answer> reuse(Exchange exchange) {
        Optional<String> question = questions.of(exchange);
        if (question.isEmpty()) {
            return Optional.empty();
        }
        Optional<Answer> known = reuse(exchange.getMessage(), question.get());
        if (known.isPresent()) {
            return known;
        }
        questions.enter(question.get());
        exchange.setProperty(QUESTION, question.get());
        try {
            // It may just have been answered.
            known = reuse(exchange.getMessage(), question.get());
        } catch (RuntimeException e) {
            leave(exchange);
            throw e;
        }
        if (known.isPresent()) {
            leave(exchange);
        }
        return known;
    }

    private Optional<Answer> reuse(Message message, String question) {
        Optional<Answer> answer = answers.reuse(event(message), task(message), question, questions.oldest());
        answer.ifPresent(found -> ProviderGuard.requests()
                .tags("provider", found.provider(), "outcome", "reused")
                .register(meters)
                .increment());
        return answer;
    }

    private static void use(Message message, Answer answer) throws JsonProcessingException {
        message.setHeader("RelayAiModel", answer.model());
        message.setHeader("RelayAiProvider", answer.provider());
        message.setBody(JSON.readValue(answer.answer(), FIELDS));
    }

    /** In: a validated answer with {@code RelayAiModel} and {@code RelayAiProvider}. */
    public void keep(Exchange exchange) throws JsonProcessingException {
        // First, since a crash in between has it asked, and paid for, once more.
        spending.settle(exchange, true);
        Message message = exchange.getMessage();
        String provider = message.getHeader("RelayAiProvider", String.class);
        Answer kept = answers.keep(
                event(message),
                new Answer(
                        task(message),
                        provider,
                        message.getHeader("RelayAiModel", String.class),
                        JSON.writeValueAsString(message.getBody())),
                questions.isAnsweredBy(provider) ? exchange.getProperty(QUESTION, String.class) : null);
        use(message, kept);
    }

    /** When a provider was asked, whatever came of it. */
    public void end(Exchange exchange) {
        try {
            spending.settle(exchange, false);
        } finally {
            leave(exchange);
        }
    }

    private void leave(Exchange exchange) {
        Object question = exchange.removeProperty(QUESTION);
        if (question != null) {
            questions.leave(question.toString());
        }
    }

    private static UUID event(Message message) {
        return UUID.fromString(message.getHeader("RelayId", String.class));
    }

    /** With what the answer is of, where the event has several. */
    private static String task(Message message) {
        String task = message.getHeader("RelayAiTask", String.class);
        Object part = message.getHeader(BatchItems.PART);
        return part == null ? task : task + ":" + part;
    }
}
