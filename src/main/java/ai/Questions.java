package ai;

import events.HeldBack;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import text.Sha256;

/**
 * What a paid provider is asked, so that it is known when it comes again: the task, its instructions and schema, the model
 * and whatever it sees of the event, at which server, and for which site.
 */
public final class Questions {
    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);
    private static final String BETWEEN = "\n";

    private final WithheldFields withheldFields;
    private final ChatCompletions requests;
    private final Asked asked;
    private final Predicate<String> isReplaced;
    private final Duration retention;
    private final Clock clock;
    /** What this relay asks now, with the time at which it began to. */
    private final Map<String, Instant> underWay = new ConcurrentHashMap<>();

    /**
     * Who is asked, as it is configured.
     *
     * @param provider what another than {@code openai} is asked is never known again
     * @param address where it is
     */
    public record Asked(String provider, String model, String address) {}

    /**
     * @param isReplaced whether a route of the user's is in place of the relay's from that endpoint
     * @param retention how long an answer is good for
     */
    public Questions(
            WithheldFields withheldFields,
            ChatCompletions requests,
            Asked asked,
            Predicate<String> isReplaced,
            Duration retention,
            Clock clock) {
        this.withheldFields = withheldFields;
        this.requests = requests;
        this.asked = asked;
        this.isReplaced = isReplaced;
        this.retention = retention;
        this.clock = clock;
    }

    /**
     * What a route of the user's asks nobody knows: it may show its model more of the event, or say other things to it. And
     * the local one costs nothing.
     *
     * <p>In: the event, or what an automation has made of it. The hash of what would be asked, if it is worth one.
     */
    Optional<String> of(Exchange exchange) {
        if (!asked.provider().equals("openai") || isReplaced.test("ask-openai")) {
            return Optional.empty();
        }
        return withheldFields.shown(exchange).map(shown -> {
            Message message = exchange.getMessage();
            String question = requests.question(message.getHeader("RelayAiTask", String.class), asked.model(), shown);
            String site = message.getHeader("RelaySite", "", String.class);
            String all = String.join(BETWEEN, site, asked.provider(), asked.address(), question);
            return Sha256.hex(all.getBytes(StandardCharsets.UTF_8));
        });
    }

    /** Since when an answer is good. */
    Instant oldest() {
        return clock.instant().minus(retention);
    }

    /** Whether the answer is that of the provider that the question was for, and not of another in its place. */
    boolean isAnsweredBy(String other) {
        return asked.provider().equals(other);
    }

    /**
     * Is to be called before it is asked, and {@link #leave} after.
     *
     * @throws HeldBack when it is under way for another event, whose answer will do
     */
    void enter(String question) {
        Instant now = clock.instant();
        Instant since = underWay.putIfAbsent(question, now);
        if (since != null) {
            throw new HeldBack(
                    "waits for the answer to the same question, which the AI is asked for another event",
                    HeldBack.until(since, now, SHORTEST_WAIT));
        }
    }

    void leave(String question) {
        underWay.remove(question);
    }
}
