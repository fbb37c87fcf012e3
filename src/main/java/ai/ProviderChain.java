package ai;

import events.FailureReason;
import events.Failures;
import events.HeldBack;
import events.PermanentFailure;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is asked after whom, for the route ask-next-provider: {@code AI_PROVIDER} and, each time one gives no answer, the
 * next of {@code AI_FALLBACK}. Whatever the failure was: who names another provider would rather have its answer now.
 * With two exceptions: a server that is there and says to come again in a moment is waited for, as long as the event has
 * a try left; and when the event log is away, nobody's answer could be kept.
 */
public final class ProviderChain {
    /** The exchange property with the fields of the event that is asked about, as the automation has them. */
    static final String SOURCE = "RelayAiSource";

    /** The end of a chain: the route ask-hold. */
    private static final String HOLD = "hold";

    private static final String ASKING = "RelayAiAsking";
    private static final Duration MOMENT = Duration.ofSeconds(30);
    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(ProviderChain.class);

    private final List<String> providers;
    private final Failures failures;
    private final Clock clock;

    /** @param providers at least one, in the order in which they are asked */
    public ProviderChain(List<String> providers, Failures failures, Clock clock) {
        this.providers = List.copyOf(providers);
        this.failures = failures;
        this.clock = clock;
    }

    private static final class Asking {
        final Iterator<String> left;
        Throwable failure;

        Asking(Iterator<String> left) {
            this.left = left;
        }
    }

    /** In: a task and an event. */
    public void begin(Exchange exchange) {
        exchange.setProperty(ASKING, new Asking(providers.iterator()));
        exchange.setProperty(SOURCE, exchange.getMessage().getBody());
    }

    /** Out: the event as it was, and who is asked now as the header {@code RelayAiProvider}. */
    public void next(Exchange exchange) {
        Message message = exchange.getMessage();
        message.setHeader("RelayAiProvider", asking(exchange).left.next());
        // What the one before it has left.
        List.of("RelayAiModel", "RelayAiTokensIn", "RelayAiTokensOut", "Content-Type")
                .forEach(message::removeHeader);
        message.setBody(exchange.getProperty(SOURCE));
    }

    /** Throws what the event's failure is, if nobody else is to be asked. */
    public void fallBack(Exchange exchange) throws Throwable {
        Asking asking = asking(exchange);
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        if (failures.isEventLogAway(exchange) || failures.isAskedToWait(exchange, MOMENT)) {
            throw failure;
        }
        if (HOLD.equals(exchange.getMessage().getHeader("RelayAiProvider"))) {
            throw failure;
        }
        asking.failure = worse(asking.failure, failure);
        if (!asking.left.hasNext()) {
            throw asking.failure;
        }
        if (!(failure instanceof HeldBack)) {
            LOG.warn(
                    "{} {} gets no answer from {}, and the next provider is asked: {}",
                    exchange.getMessage().getHeader("RelayEvent"),
                    exchange.getMessage().getHeader("RelayKey"),
                    exchange.getMessage().getHeader("RelayAiProvider"),
                    failures.shortReason(exchange));
        }
    }

    /**
     * For ask-hold: the event waits for whoever was asked in vain, and its retries are not used up. What another try of
     * theirs would not mend stays what it is.
     */
    public void hold(Exchange exchange) throws Throwable {
        Throwable failure = asking(exchange).failure;
        if (failure instanceof HeldBack || failure instanceof UnusableAnswer || failure instanceof PermanentFailure) {
            throw failure;
        }
        throw new NotAsked(
                "no AI could be asked: " + FailureReason.inShort(failure),
                HeldBack.until(failures.heldSince(exchange), clock.instant(), SHORTEST_WAIT));
    }

    /** Of what all of them failed with: the first that may pass, or else the first. */
    private static Throwable worse(Throwable earlier, Throwable later) {
        return earlier == null || FailureReason.isLasting(earlier) && !FailureReason.isLasting(later) ? later : earlier;
    }

    private static Asking asking(Exchange exchange) {
        return exchange.getProperty(ASKING, Asking.class);
    }
}
