package ai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import events.BatchItems;
import events.Event;
import events.Failures;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import tracing.Spans;

/**
 * How an event is asked about in one request with others of its site that come at the same time, for the route share-chat
 * and its worker, which waits; {@link SharedRequest} is that request. It is so where the prompt of the task says {@code
 * together: 10}, up to ten. Asked about alone is who has no answer of its own, or a wrong one; who has failed before; and a
 * text that talks to whoever judges it, since it would talk about the others too.
 */
public final class SharedChat {
    /** For routes: the exchange property that says whether an event is to be asked about with others. */
    private static final String IS_SHARED = "RelayAiIsShared";

    private static final String ASKED = "RelayAiAskedEvent";
    /** A longer one is worth a request of its own. */
    static final int LONGEST = 4_000;

    private static final int FORMATS = ChatFormats.Format.values().length;
    private static final Duration MARGIN = Duration.ofSeconds(5);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TaskCatalog tasks;
    private final Spending spending;
    private final SharingProviders providers;
    private final Waiting waiting;

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

    public SharedChat(TaskCatalog tasks, Spending spending, SharingProviders providers, Waiting waiting) {
        this.tasks = tasks;
        this.spending = spending;
        this.providers = providers;
        this.waiting = waiting;
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
                || !providers.mayShare(message.getHeader("RelayAiProvider", String.class))) {
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
        AskedEvent event = new AskedEvent(data(message), spending.account(message), Spans.traceparent(exchange));
        exchange.setProperty(ASKED, event);
        message.setBody(event);
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
        } finally {
            event.request().ifPresent(Spent.of(exchange)::add);
            ProviderGuard.countElsewhere(exchange, event.isCountedElsewhere());
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

    private TaskFiles task(Message message) {
        return tasks.of(message.getHeader("RelayAiTask", String.class));
    }
}
