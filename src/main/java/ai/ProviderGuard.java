package ai;

import events.HeldBack;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;

/**
 * Stands around each provider, for the route ask-provider: one that keeps failing is left alone for a while (Circuit
 * Breaker), each by itself, and what came of each question is counted. The provider's name is in the header {@code
 * RelayAiProvider}.
 */
public final class ProviderGuard {
    /** The exchange property with when the question was asked, in nanoseconds of the JVM's clock; while it is. */
    private static final String ASKED = "RelayAiAsked";

    private final Clock clock;
    private final MeterRegistry meters;
    private final Map<String, Outage> outages = new ConcurrentHashMap<>();

    /**
     * @param providers those that are known to be asked, so that they are seen before they are
     * @param meters counts what they are asked, and shows which are left alone
     */
    public ProviderGuard(Collection<String> providers, Clock clock, MeterRegistry meters) {
        this.clock = clock;
        this.meters = meters;
        providers.forEach(this::outage);
    }

    /** @throws NotAsked when the provider is left alone */
    public void enter(Exchange exchange) {
        KeptHeaders.keep(exchange);
        Outage outage = outage(provider(exchange));
        if (!outage.breaker().tryAcquirePermission()) {
            throw outage.notAsked();
        }
        exchange.setProperty(ASKED, System.nanoTime());
    }

    /** It gave an answer that can be used. */
    public void answered(Exchange exchange) {
        long asked = (Long) exchange.removeProperty(ASKED);
        outage(provider(exchange)).breaker().onSuccess(System.nanoTime() - asked, TimeUnit.NANOSECONDS);
        count(exchange, "answered");
    }

    /** Throws what went wrong again, for whoever asked. */
    public void failed(Exchange exchange) throws Throwable {
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        KeptHeaders.restore(exchange);
        if (exchange.removeProperty(ASKED) instanceof Long asked) {
            outage(provider(exchange)).breaker().onError(System.nanoTime() - asked, TimeUnit.NANOSECONDS, failure);
        }
        count(exchange, outcome(failure));
        throw failure;
    }

    /** {@code refused} is who was not asked at all. */
    private static String outcome(Throwable failure) {
        if (failure instanceof BudgetSpent) {
            return "over_budget";
        }
        if (failure instanceof HeldBack) {
            return "refused";
        }
        return Outage.isOne(failure) ? "failed" : "unusable";
    }

    private void count(Exchange exchange, String outcome) {
        meters.counter("relay.ai.requests", "provider", provider(exchange), "outcome", outcome)
                .increment();
    }

    /** How each provider is, by its name. */
    Map<String, Outage> outages() {
        return new TreeMap<>(outages);
    }

    /** How a provider is. */
    public Outage outage(String provider) {
        return outages.computeIfAbsent(provider, name -> {
            Outage outage = new Outage(name, clock);
            Gauge.builder("relay.ai.provider.paused", outage, known -> known.isOn() ? 1 : 0)
                    .tag("provider", name)
                    .strongReference(true)
                    .register(meters);
            return outage;
        });
    }

    private static String provider(Exchange exchange) {
        return exchange.getMessage().getHeader("RelayAiProvider", String.class);
    }
}
