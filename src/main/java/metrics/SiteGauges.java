package metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.ToDoubleFunction;
import sites.Site;
import sites.SiteKey;

/** What is shown of each site that there is: of one that is gone from the sites file, nothing any more. */
public final class SiteGauges {
    private final MeterRegistry registry;
    private final Clock clock;
    private final MultiGauge keys;
    private final List<Shown> shown = new ArrayList<>();

    private record Shown(MultiGauge gauge, Tags tags, ToDoubleFunction<String> value) {
        Row<String> row(Site site) {
            return Row.of(tags.and("site", site.id()), site.id(), value);
        }
    }

    public SiteGauges(MeterRegistry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
        this.keys = MultiGauge.builder("relay.key.expires.seconds")
                .description("For how long a site's secret is still good; infinite for one without an end")
                .register(registry);
    }

    /** To be shown of each site from the next {@link #show} on. @param value of a site by its id; it must not block */
    public SiteGauges add(String name, String description, ToDoubleFunction<String> value) {
        shown.add(new Shown(multi(name, description), Tags.empty(), value));
        return this;
    }

    /** As {@link #add}, in each of several states. */
    public SiteGauges add(String name, String description, List<State> states) {
        MultiGauge gauge = multi(name, description);
        for (State state : states) {
            shown.add(new Shown(gauge, Tags.of("state", state.name()), state.value()));
        }
        return this;
    }

    /** @param value of a site by its id */
    public record State(String name, ToDoubleFunction<String> value) {}

    private MultiGauge multi(String name, String description) {
        return MultiGauge.builder(name).description(description).register(registry);
    }

    /** From now on these. */
    public synchronized void show(Collection<Site> sites) {
        shown.stream().map(Shown::gauge).distinct().forEach(gauge -> gauge.register(rows(gauge, sites), true));
        keys.register(
                sites.stream()
                        .flatMap(site -> site.keys().stream())
                        .<Row<?>>map(this::row)
                        .toList(),
                true);
    }

    private List<Row<?>> rows(MultiGauge gauge, Collection<Site> sites) {
        List<Row<?>> rows = new ArrayList<>();
        for (Shown each : shown) {
            if (each.gauge() == gauge) {
                sites.forEach(site -> rows.add(each.row(site)));
            }
        }
        return rows;
    }

    private Row<SiteKey> row(SiteKey key) {
        return Row.of(Tags.of("site", key.site(), "key", key.id()), key, this::secondsLeft);
    }

    private double secondsLeft(SiteKey key) {
        return key.expires() == null
                ? Double.POSITIVE_INFINITY
                : Duration.between(clock.instant(), key.expires()).toMillis() / 1000.0;
    }
}
