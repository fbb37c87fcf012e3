package ai;

import events.HeldBack;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import metrics.Buckets;
import org.apache.camel.Exchange;

/**
 * Stands around each provider, for the route ask-provider: one that keeps failing is left alone for a while (Circuit
 * Breaker), each by itself, and what came of each question is counted. The provider's name is in the header {@code
 * RelayAiProvider}.
 */
public final class ProviderGuard {
    /** The exchange property with the {@link Asked}, while a provider is asked. */
    private static final String ASKED = "RelayAiAsked";

    /** The exchange property that is there while what comes of the question counts for another one. */
    private static final String COUNTED_ELSEWHERE = "RelayAiCountedElsewhere";

    /** Kept apart from the headers, which the provider's route may change. {@code since} is of the JVM's clock. */
    private record Asked(Outage outage, long since) {
        long nanos() {
            return System.nanoTime() - since;
        }
    }

    private final Clock clock;
    private final MeterRegistry meters;
    private final MeterProvider<Counter> requests;
    private final MeterProvider<Timer> times;
    private final Map<String, Outage> outages = new ConcurrentHashMap<>();

    /**
     * @param providers those that are known to be asked, so that they are seen before they are
     * @param meters counts what they are asked, and shows which are left alone
     */
    public ProviderGuard(Collection<String> providers, Clock clock, MeterRegistry meters) {
        this.clock = clock;
        this.meters = meters;
        this.requests = requests().withRegistry(meters);
        this.times = Buckets.timer(
                        "relay.ai.request",
                        "How long a question to an AI provider took, the wait for others to ask together included")
                .withRegistry(meters);
        providers.forEach(this::outage);
    }

    static Counter.Builder requests() {
        return Counter.builder("relay.ai.requests")
                .description(
                        "Questions to an AI provider by what came of them, those that it was not asked among them");
    }

    /** @throws NotAsked when the provider is left alone */
    public void enter(Exchange exchange) {
        KeptHeaders.keep(exchange);
        Outage outage = outage(provider(exchange));
        if (!outage.breaker().tryAcquirePermission()) {
            throw outage.notAsked();
        }
        countElsewhere(exchange, false);
        exchange.setProperty(ASKED, new Asked(outage, System.nanoTime()));
    }

    /** A request about several questions says as much of the provider as one about one: it counts for one of them. */
    static void countElsewhere(Exchange exchange, boolean isElsewhere) {
        if (isElsewhere) {
            exchange.setProperty(COUNTED_ELSEWHERE, true);
        } else {
            exchange.removeProperty(COUNTED_ELSEWHERE);
        }
    }

    private static boolean isCountedElsewhere(Exchange exchange) {
        return exchange.removeProperty(COUNTED_ELSEWHERE) != null;
    }

    /** It gave an answer that can be used. */
    public void answered(Exchange exchange) {
        if (exchange.removeProperty(ASKED) instanceof Asked asked) {
            time(exchange, "answered", asked);
            if (isCountedElsewhere(exchange)) {
                asked.outage().breaker().releasePermission();
            } else {
                asked.outage().breaker().onSuccess(asked.nanos(), TimeUnit.NANOSECONDS);
            }
        }
        count(exchange, "answered");
    }

    /** Throws what went wrong again, for whoever asked. */
    public void failed(Exchange exchange) throws Throwable {
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        KeptHeaders.restore(exchange);
        if (exchange.removeProperty(ASKED) instanceof Asked asked) {
            time(exchange, outcome(failure), asked);
            if (isCountedElsewhere(exchange)) {
                asked.outage().breaker().releasePermission();
            } else {
                asked.outage().breaker().onError(asked.nanos(), TimeUnit.NANOSECONDS, failure);
            }
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
        requests.withTags("provider", provider(exchange), "outcome", outcome).increment();
    }

    private void time(Exchange exchange, String outcome, Asked asked) {
        times.withTags("provider", provider(exchange), "outcome", outcome).record(asked.nanos(), TimeUnit.NANOSECONDS);
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
                    .description(
                            "Whether a provider is left alone since it keeps failing (its circuit breaker is open): 1 or 0")
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
