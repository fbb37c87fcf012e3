package ai;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.ToDoubleFunction;
import metrics.Sampler;

/** Shows what is left of today's budgets of each site and of all sites, in tokens, where there is a cap. */
public final class BudgetGauges {
    private static final String OF_ALL_SITES = "none";

    private final Budget budget;
    private final MultiGauge left;
    private final MultiGauge caps;
    private final Sampler<Map<String, List<Budget.Scope>>> lately;
    private volatile List<String> sites = List.of();

    /** @param executor asks the database */
    public BudgetGauges(MeterRegistry registry, Budget budget, Executor executor) {
        this.budget = budget;
        this.left = MultiGauge.builder("relay.ai.budget.left")
                .description("Tokens that are left of a site's budget of the day, or of that of all sites")
                .register(registry);
        this.caps = MultiGauge.builder("relay.ai.budget.cap")
                .description("Tokens that a site may use in a day, or all sites")
                .register(registry);
        this.lately = new Sampler<>(() -> budget.scopes(sites), executor, System::nanoTime);
    }

    /** From now on these, with the caps that they have now. */
    public synchronized void show(Collection<String> shown) {
        sites = shown.stream()
                .filter(site -> !budget.scopeNames(site).isEmpty())
                .toList();
        left.register(rows(Budget.Scope::left), true);
        caps.register(rows(Budget.Scope::cap), true);
    }

    private List<Row<?>> rows(ToDoubleFunction<Budget.Scope> value) {
        Map<Tags, Row<?>> rows = new LinkedHashMap<>();
        for (String site : sites) {
            for (String scope : budget.scopeNames(site)) {
                Tags tags = Tags.of("scope", scope, "site", scope.startsWith("total") ? OF_ALL_SITES : site);
                rows.putIfAbsent(tags, Row.of(tags, site, known -> value(known, scope, value)));
            }
        }
        return List.copyOf(rows.values());
    }

    private double value(String site, String scope, ToDoubleFunction<Budget.Scope> value) {
        return lately.latest().map(scopes -> scopes.getOrDefault(site, List.of())).stream()
                .flatMap(List::stream)
                .filter(each -> each.name().equals(scope))
                .mapToDouble(value)
                .findFirst()
                .orElse(Double.NaN);
    }
}
