package ai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.http.base.HttpOperationFailedException;
import tracing.Spans;

/**
 * One request about several events, for the route complete-shared-chat. Each of them is told what comes of it: its own
 * answer, its own failure, its share of what it cost.
 */
public final class SharedRequest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TaskCatalog tasks;
    private final Spending spending;
    private final SharingProviders providers;
    private final DistributionSummary sizes;

    public SharedRequest(TaskCatalog tasks, Spending spending, SharingProviders providers, MeterRegistry meters) {
        this.tasks = tasks;
        this.spending = spending;
        this.providers = providers;
        this.sizes = DistributionSummary.builder("relay.ai.together")
                .description("How many events a request to an AI was about, where it was about several")
                .register(meters);
    }

    /**
     * In: those that came, as a List. Out: those that are to be asked about, as a List. Who came alone, whom the budget
     * refuses and for whom there is no room is not among them.
     */
    public void begin(Exchange exchange) {
        Message message = exchange.getMessage();
        List<AskedEvent> asked = new ArrayList<>();
        List<AskedEvent> together = withRoom(task(message), events(message.getBody()));
        if (together.size() == 1) {
            together.get(0).askAlone();
        } else {
            long instructions = Question.instructionTokens(task(message));
            for (AskedEvent event : together) {
                if (reserve(event, instructions / together.size(), asked.isEmpty())) {
                    asked.add(event);
                }
            }
        }
        // Of one of them; and what is asked together is nobody's own.
        List.of("RelayId", "RelayKey", "RelayAiTokensIn", "RelayAiTokensOut").forEach(message::removeHeader);
        Spent.begin(exchange);
        Spans.isAlsoAbout(exchange, traceparents(asked));
        message.setBody(asked);
    }

    private static List<String> traceparents(List<AskedEvent> events) {
        return events.stream()
                .map(event -> event.traceparent)
                .filter(Objects::nonNull)
                .toList();
    }

    /** Together they are no longer than one text may be; the others are asked about alone. */
    private static List<AskedEvent> withRoom(TaskFiles task, List<AskedEvent> events) {
        List<AskedEvent> together = new ArrayList<>();
        int left = Math.max(task.characters(), SharedChat.LONGEST);
        for (AskedEvent event : events.stream().filter(AskedEvent::isWaitedFor).toList()) {
            left -= event.data.toString().length();
            if (left < 0) {
                event.askAlone();
            } else {
                together.add(event);
            }
        }
        return together;
    }

    private boolean reserve(AskedEvent event, long instructions, boolean isFirst) {
        try {
            long estimate = Spending.tokens(event.data.toString()) + instructions;
            event.asked(spending.reserve(event.account, estimate), isFirst);
            return true;
        } catch (BudgetSpent spent) {
            event.failed(spent);
            return false;
        }
    }

    /** In: the model's answer, and as the property {@code RelayAiShown} whom it is about. Each is given what is its own. */
    public void share(Exchange exchange) throws JsonProcessingException {
        Message message = exchange.getMessage();
        List<AskedEvent> events = shown(exchange);
        count(message, events);
        sizes.record(events.size());
        Map<String, JsonNode> answers = byKey(JSON.readTree(message.getBody(String.class)));
        for (AskedEvent event : events) {
            JsonNode answer = answers.get(event.key);
            if (answer == null) {
                event.askAlone();
            } else {
                event.answered(new AskedEvent.Answer(message.getHeader("RelayAiModel", String.class), answer));
            }
        }
        providers.answered(provider(message), answers.keySet().containsAll(keys(events)));
    }

    private static List<String> keys(List<AskedEvent> events) {
        return events.stream().map(event -> event.key).toList();
    }

    /** Two answers under one key are none. */
    private static Map<String, JsonNode> byKey(JsonNode said) {
        Map<String, JsonNode> answers = new HashMap<>();
        List<String> twice = new ArrayList<>();
        for (JsonNode answer : said.path(Question.ANSWERS)) {
            String key = answer.path(Question.KEY).asText();
            if (answers.put(key, answer) != null) {
                twice.add(key);
            }
        }
        twice.forEach(answers::remove);
        return answers;
    }

    /**
     * In: those that came or are asked about, and the failure. What one of them may have brought about is nobody else's: each
     * is asked about alone. An outage, or a key that is refused, is everybody's.
     */
    public void fail(Exchange exchange) {
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        List<AskedEvent> events = shown(exchange);
        if (failure instanceof UnusableAnswer) {
            count(exchange.getMessage(), events);
            providers.answered(provider(exchange.getMessage()), false);
        }
        for (AskedEvent event : events) {
            if (mayBeForOne(failure)) {
                event.askAlone();
            } else {
                event.failed(failure);
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
    private static void count(Message message, List<AskedEvent> events) {
        List<Spent.Request> shares =
                events.stream().flatMap(event -> event.request().stream()).toList();
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

    private static List<AskedEvent> shown(Exchange exchange) {
        return events(exchange.getProperty(ChatCompletions.SHOWN));
    }

    static List<AskedEvent> events(Object list) {
        return ((List<?>) list).stream().map(AskedEvent.class::cast).toList();
    }

    private TaskFiles task(Message message) {
        return tasks.of(message.getHeader("RelayAiTask", String.class));
    }

    private static String provider(Message message) {
        return message.getHeader("RelayAiProvider", String.class);
    }
}
