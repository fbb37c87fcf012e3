package ai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.http.base.HttpOperationFailedException;

/**
 * Several events of a site that come at the same time and that a model is asked about in one request, for the routes
 * share-chat and complete-shared-chat: where the prompt of their task says {@code together: 10}, up to ten. Each has its
 * own answer, its own share of what it cost and its own failure. Whoever has no answer of its own, or one that is wrong, is
 * asked about alone; so is a text that talks to whoever judges it, since it would talk about the others too.
 */
public final class SharedChat {
    /** A longer one is worth a request of its own. */
    private static final int LONGEST = 4_000;
    /** That a model may refuse, each in its turn, and the time in which they were gathered. */
    private static final int FORMATS = ChatFormats.Format.values().length;

    private static final Duration GATHERING = Duration.ofSeconds(5);

    private static final String PART = "RelayAiPart";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TaskCatalog tasks;
    private final Spending spending;
    private final int workers;
    private final Duration longestWait;
    private final DistributionSummary sizes;

    /**
     * @param workers how many events can wait at once
     * @param timeout how long the server may take for an answer
     */
    public SharedChat(TaskCatalog tasks, Spending spending, int workers, Duration timeout, MeterRegistry meters) {
        this.tasks = tasks;
        this.spending = spending;
        this.workers = workers;
        this.longestWait = timeout.multipliedBy(FORMATS).plus(GATHERING);
        this.sizes = DistributionSummary.builder("relay.ai.together")
                .description("How many events a request to an AI was about, where it was about several")
                .register(meters);
    }

    /** In: as {@link ChatCompletions#request}. */
    public boolean isWanted(Exchange exchange) {
        Message message = exchange.getMessage();
        // Without an id it is nobody's, such as the questions of bin/evaluate.
        if (!(message.getBody() instanceof Map) || message.getHeader("RelayId") == null || most(message) < 2) {
            return false;
        }
        ObjectNode data = data(message);
        return data.toString().length() <= LONGEST && !talksToTheJudge(data);
    }

    private static boolean talksToTheJudge(JsonNode data) {
        return data.isTextual()
                ? Instructions.in(data.textValue())
                : StreamSupport.stream(data.spliterator(), false).anyMatch(SharedChat::talksToTheJudge);
    }

    private ObjectNode data(Message message) {
        return Question.about(tasks.of(task(message)), message.getBody(Map.class))
                .data();
    }

    /** The most events that one request of the task is about; no more come than there are workers. */
    public int most(Message message) {
        return Math.min(workers, tasks.of(task(message)).together());
    }

    /** Out: the event as one of those to be asked about together. */
    public void join(Exchange exchange) {
        Message message = exchange.getMessage();
        Part part = new Part(data(message), spending.account(message));
        exchange.setProperty(PART, part);
        message.setBody(part);
    }

    /**
     * In: those that came, as a List. Out: those that are to be asked about, as a List. Whom the budget refuses, and who
     * came alone, is not among them.
     */
    public void begin(Exchange exchange) {
        Message message = exchange.getMessage();
        List<Part> parts = parts(message.getBody());
        List<Part> asked = new ArrayList<>();
        if (parts.size() == 1) {
            parts.get(0).leave();
        } else {
            parts.stream().filter(part -> reserve(message, part, parts.size())).forEach(asked::add);
        }
        // Of one of them; and what is asked together is nobody's own.
        List.of("RelayId", "RelayKey", "RelayAiTokensIn", "RelayAiTokensOut").forEach(message::removeHeader);
        Spent.begin(exchange);
        message.setBody(asked);
    }

    private boolean reserve(Message message, Part part, int number) {
        String instructions = tasks.of(task(message)).instructions();
        long estimate = Spending.tokens(part.data.toString()) + Spending.tokens(instructions) / number;
        try {
            part.asked(spending.reserve(part.account, estimate));
            return true;
        } catch (BudgetSpent spent) {
            part.failed(spent);
            return false;
        }
    }

    /** In: the model's answer, as the property {@code RelayAiShown} whom it is about. Each is given what is its own. */
    public void share(Exchange exchange) throws JsonProcessingException {
        Message message = exchange.getMessage();
        List<Part> parts = shown(exchange);
        count(message, parts);
        sizes.record(parts.size());
        JsonNode answers = JSON.readTree(message.getBody(String.class));
        for (Part part : parts) {
            JsonNode answer = answers.path(part.key);
            if (answer.isObject()) {
                part.answered(new Part.Answer(message.getHeader("RelayAiModel", String.class), answer));
            } else {
                part.leave();
            }
        }
    }

    /**
     * In: those that came or are asked about, and the failure. What one of them may have brought about is nobody else's: each
     * is asked about alone. An outage, or a key that is refused, is everybody's.
     */
    public void fail(Exchange exchange) {
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        List<Part> parts = shown(exchange);
        if (failure instanceof UnusableAnswer) {
            count(exchange.getMessage(), parts);
        }
        for (Part part : parts) {
            if (mayBeForOne(failure)) {
                part.leave();
            } else {
                part.failed(failure);
            }
        }
    }

    /** A model that refuses, a filter that holds back, too much for it to read or to write. */
    private static boolean mayBeForOne(Throwable failure) {
        if (failure instanceof HttpOperationFailedException refused) {
            return switch (refused.getStatusCode()) {
                case 400, 413, 422 -> true;
                default -> false;
            };
        }
        return failure instanceof UnusableAnswer;
    }

    /** Shares out what the server says that the request used, so that nothing is left over. */
    private static void count(Message message, List<Part> parts) {
        List<Spent.Request> shares =
                parts.stream().flatMap(part -> part.request().stream()).toList();
        long all = shares.stream().mapToLong(share -> share.estimate).sum();
        long tokensIn = message.getHeader("RelayAiTokensIn", all, Long.class);
        long tokensOut = message.getHeader("RelayAiTokensOut", 0L, Long.class);
        long before = 0;
        for (int i = 0; i < shares.size(); i++) {
            Spent.Request share = shares.get(i);
            long upTo = before + share.estimate;
            share.count(
                    tokensIn * upTo / all - tokensIn * before / all,
                    tokensOut * (i + 1) / shares.size() - tokensOut * i / shares.size());
            before = upTo;
        }
    }

    /**
     * Waits for what comes of the event. Out: its answer, not checked yet, with {@code RelayAiModel}.
     *
     * @throws UnusableAnswer when there is none of its own, and it has to be asked about alone
     */
    public void take(Exchange exchange) throws Throwable {
        Part part = (Part) exchange.removeProperty(PART);
        Part.Answer answer;
        try {
            answer = part.await(longestWait).orElseThrow(() -> new UnusableAnswer("no answer of its own"));
        } finally {
            part.request().ifPresent(Spent.of(exchange)::add);
        }
        exchange.getMessage().setHeader("RelayAiModel", answer.model());
        exchange.getMessage().setBody(JSON.convertValue(answer.fields(), Map.class));
    }

    /** Out: the event as it was before it joined others. */
    public void leave(Exchange exchange) {
        exchange.getMessage().removeHeader("RelayAiModel");
        exchange.getMessage().setBody(exchange.getProperty(ChatCompletions.SHOWN));
    }

    private static List<Part> shown(Exchange exchange) {
        return parts(exchange.getProperty(ChatCompletions.SHOWN));
    }

    static List<Part> parts(Object list) {
        return ((List<?>) list).stream().map(Part.class::cast).toList();
    }

    private static String task(Message message) {
        return message.getHeader("RelayAiTask", String.class);
    }
}
