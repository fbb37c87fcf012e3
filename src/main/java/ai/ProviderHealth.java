package ai;

import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Shows which AI providers are left alone. It is never down: a relay whose AI is away takes events all the same, and
 * whoever took it out of service for that would lose the intake as well.
 */
public final class ProviderHealth extends AbstractHealthCheck {
    private final ProviderGuard guard;
    private final UnaryOperator<String> redact;

    /** @param redact takes secrets out of a text that comes from elsewhere */
    public ProviderHealth(ProviderGuard guard, UnaryOperator<String> redact) {
        super("relay", "ai-providers");
        this.guard = guard;
        this.redact = redact;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        builder.message(guard.outages().entrySet().stream()
                .map(provider -> provider.getKey() + ": " + state(provider.getValue()))
                .collect(Collectors.joining("; ")));
        builder.up();
    }

    private String state(Outage outage) {
        String state = outage.breaker().getState().name().toLowerCase(Locale.ROOT);
        return outage.isOn() ? state + ", since it keeps failing: " + redact.apply(outage.reasonInShort()) : state;
    }
}
