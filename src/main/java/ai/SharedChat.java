package ai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import events.BatchItems;
import events.Event;
import events.Failures;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.http.base.HttpOperationFailedException;

/**
 * Several events of a site that come at the same time and that a model is asked about in one request, for the routes
 * share-chat and complete-shared-chat: where the prompt of their task says {@code together: 10}, up to ten. Each has its
 * own answer, its own share of what it cost and its own failure. Asked about alone is who has no answer of its own, or a
 * wrong one; who has failed before; and a text that talks to whoever judges it, since it would talk about the others too.
 */
public final class SharedChat {
    /** For routes: the exchange property that says whether an event is to be asked about with others. */
    private static final String IS_SHARED = "RelayAiIsShared";

    private static final String ASKED = "RelayAiAskedEvent";
    /** A longer one is worth a request of its own. */
    private static final int LONGEST = 4_000;

    private static final int FORMATS = ChatFormats.Format.values().length;
    private static final Duration MARGIN = Duration.ofSeconds(5);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TaskCatalog tasks;
    private final Spending spending;
    private final SharingProviders providers;
    private final Waiting waiting;
    private final DistributionSummary sizes;

    /**
     * How events wait.
     *
     * @param workers how many can wait at once
     * @param gathering how long one waits for another; zero: none is asked about with others
     * @param timeout how long the server may take for an answer
     */
    public record Waiting(int workers, Duration gathering, Duration timeout) {
        /** Each that comes lets the others wait once more; then each format may be refused. */
        private Duration longest(int most) {
            return gathering
                    .multipliedBy(most)
                    .plus(timeout.multipliedBy(FORMATS))
                    .plus(MARGIN);
        }
    }

    public SharedChat(
            TaskCatalog tasks, Spending spending, SharingProviders providers, Waiting waiting, MeterRegistry meters) {
        this.tasks = tasks;
        this.spending = spending;
        this.providers = providers;
        this.waiting = waiting;
        this.sizes = DistributionSummary.builder("relay.ai.together")
                .description("How many events a request to an AI was about, where it was about several")
                .register(meters);
    }

    /** In: as {@link ChatCompletions#request}. Out: the property {@code RelayAiIsShared}. */
    public void decide(Exchange exchange) {
        exchange.setProperty(IS_SHARED, isShared(exchange));
    }

    private boolean isShared(Exchange exchange) {
        Message message = exchange.getMessage();
        // Without an id it is nobody's, and nothing is put down for it.
        if (waiting.gathering.isZero()
                || !(message.getBody() instanceof Map)
                || message.getHeader("RelayId") == null
                || !isFirstTry(exchange)
                || most(message) < 2
                || !providers.mayShare(provider(message))) {
            return false;
        }
        ObjectNode data = data(message);
        return data.toString().length() <= LONGEST && !talksToTheJudge(data);
    }

    /** What failed with others is not to fail with the same ones again. */
    private static boolean isFirstTry(Exchange exchange) {
        Integer ofItem = exchange.getProperty(BatchItems.RETRIES, Integer.class);
        Event event = exchange.getProperty(Failures.EVENT, Event.class);
        return ofItem != null ? ofItem == 0 : event == null || event.retries() == 0;
    }

    /** Also by the name of a field, which is a stranger's in a form. */
    static boolean talksToTheJudge(JsonNode data) {
        return data.isTextual()
                ? Instructions.in(data.textValue())
                : data.properties().stream()
                        .anyMatch(field -> Instructions.in(field.getKey()) || talksToTheJudge(field.getValue()));
    }

    private ObjectNode data(Message message) {
        return Question.about(task(message), message.getBody(Map.class)).data();
    }

    /** The most events that one request of the task is about; no more come than there are workers. */
    public int most(Message message) {
        return Math.min(waiting.workers, task(message).together());
    }

    /** Out: the event as one of those to be asked about together. */
    public void join(Exchange exchange) {
        Message message = exchange.getMessage();
        AskedEvent event = new AskedEvent(data(message), spending.account(message));
        exchange.setProperty(ASKED, event);
        message.setBody(event);
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
        message.setBody(asked);
    }

    /** Together they are no longer than one text may be; the others are asked about alone. */
    private static List<AskedEvent> withRoom(TaskFiles task, List<AskedEvent> events) {
        List<AskedEvent> together = new ArrayList<>();
        int left = Math.max(task.characters(), LONGEST);
        for (AskedEvent event : events) {
            left -= event.data.toString().length();
            if (!event.isWaitedFor()) {
                continue;
            }
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

    /**
     * Waits for what comes of the event. Out: its answer, not checked yet, with {@code RelayAiModel}.
     *
     * @throws UnusableAnswer when there is none of its own, and it has to be asked about alone
     */
    public void take(Exchange exchange) throws Throwable {
        AskedEvent event = (AskedEvent) exchange.removeProperty(ASKED);
        AskedEvent.Answer answer;
        try {
            answer = event.await(
                            waiting.longest(most(exchange.getMessage())),
                            exchange.getContext().getShutdownStrategy()::isForceShutdown)
                    .orElseThrow(() -> new UnusableAnswer("no answer of its own"));
            ProviderGuard.countElsewhere(exchange, event.isCountedElsewhere());
        } catch (UnusableAnswer e) {
            throw e; // it is asked about alone, which counts
        } catch (Throwable e) {
            ProviderGuard.countElsewhere(exchange, event.isCountedElsewhere());
            throw e;
        } finally {
            event.request().ifPresent(Spent.of(exchange)::add);
        }
        exchange.getMessage().setHeader("RelayAiModel", answer.model());
        exchange.getMessage().setBody(JSON.convertValue(answer.fields(), Map.class));
    }

    /** Out: the event as it was before it joined others. */
    public void askAlone(Exchange exchange) {
        ProviderGuard.countElsewhere(exchange, false);
        exchange.getMessage().removeHeader("RelayAiModel");
        exchange.getMessage().setBody(exchange.getProperty(ChatCompletions.SHOWN));
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
