package routes;

import ai.Budget;
import ai.BudgetGauges;
import com.zaxxer.hikari.HikariDataSource;
import contact.ContactGauges;
import events.WaitingEvents;
import events.WaitingEvents.OfSite;
import ingress.HttpServers;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import metrics.BacklogGauges;
import metrics.BacklogHealth;
import metrics.ProcessGauges;
import metrics.Sampler;
import metrics.SiteGauges;
import metrics.SiteGauges.State;
import operations.CloseOnStop;
import operations.Readiness;
import operations.Settings;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Registry;
import sites.Site;
import sites.Sites;
import wordpress.SitePauses;

/** The wiring of gauges: what is shown of a relay beside what it counts by itself. */
final class MeterBeans {
    private final Settings settings;
    private final Clock clock;
    private final Registry registry;
    private final MeterRegistry meters;
    private Sampler<Map<String, Figures>> figures;

    /** What the database is asked for each site. */
    private record Figures(boolean isPaused, boolean isPausedByHand, ContactGauges.OfSite contact) {}

    /** Shows the sites that there are. */
    interface OfSites {
        void show(Collection<Site> sites);
    }

    private Sampler<WaitingEvents.Now> backlog;

    MeterBeans(Settings settings, Clock clock, Registry registry) {
        this.settings = settings;
        this.clock = clock;
        this.registry = registry;
        this.meters = registry.findSingleByType(MeterRegistry.class);
    }

    void bind(CamelContext context) throws Exception {
        // No more of them ask the database: it has enough to do. One may take long.
        ExecutorService asking = threads(context, "ask-for-gauges", 2);
        HikariDataSource dataSource = registry.findSingleByType(HikariDataSource.class);
        WaitingEvents waiting = registry.findSingleByType(WaitingEvents.class);
        figures = new Sampler<>(this::readFigures, asking, System::nanoTime);
        backlog = new Sampler<>(waiting::read, asking, System::nanoTime);
        registry.bind("backlogHealth", new BacklogHealth(backlog));
        bindOfSites(new BacklogGauges(meters, backlog), asking);
        ProcessGauges process = new ProcessGauges(meters, clock);
        process.version(Application.class.getPackage().getImplementationVersion());
        Readiness readiness = registry.findSingleByType(Readiness.class);
        // On a thread of its own: what takes long does not keep it from saying whether it is ready.
        process.ready(new Sampler<>(readiness::canRecord, threads(context, "ask-if-ready", 1), System::nanoTime));
        process.dataDir(settings.dataDir());
        process.workers(
                settings.workers(), () -> context.getInflightRepository().size("process-event"));
        registry.findSingleByType(HttpServers.class)
                .keystore()
                .ifPresent(keystore -> process.certificate(keystore::expires));
    }

    private static ExecutorService threads(CamelContext context, String name, int number) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(
                number, task -> context.getExecutorServiceManager().newThread(name, task));
        context.addService(new CloseOnStop(threads::shutdownNow));
        return threads;
    }

    /** What waits, as the gauges know it. */
    Sampler<WaitingEvents.Now> backlog() {
        return backlog;
    }

    private void bindOfSites(BacklogGauges backlog, ExecutorService asking) {
        SiteGauges gauges = new SiteGauges(meters, clock)
                .add(
                        "relay.site.paused",
                        "Whether call-backs to a site are paused, since it refuses them or by hand: 1 or 0",
                        site -> ofSite(site, known -> toNumber(known.isPaused())))
                .add(
                        "relay.site.paused.by.hand",
                        "Whether an operator paused call-backs to a site: 1 or 0",
                        site -> ofSite(site, known -> toNumber(known.isPausedByHand())))
                .add(
                        "relay.events.missing",
                        "Numbers of a site's events that have been missing for two minutes",
                        site -> ofSite(site, known -> known.contact().missing()))
                .add(
                        "relay.site.silent.seconds",
                        "Since when nothing has been heard of a site; not a number for one that never was",
                        site -> ofSite(site, known -> known.contact().silentSeconds()))
                .add(
                        "relay.site.asked",
                        "Whether a site is asked to deliver when it is silent, so that its silence means something: 1 or 0",
                        site -> ofSite(site, known -> toNumber(known.contact().isAsked())))
                .add(
                        "relay.site.dead.letters",
                        "Events of a site that failed for good and that somebody may replay",
                        site -> backlog.ofSite(site, OfSite::dead))
                .add("relay.backlog", "Events of a site that are not done and not dead", states(backlog));
        BudgetGauges budgets = new BudgetGauges(meters, registry.findSingleByType(Budget.class), asking);
        OfSites ofSites = sites -> {
            gauges.show(sites);
            budgets.show(sites.stream().map(Site::id).toList());
        };
        registry.bind("metersOfSites", OfSites.class, ofSites);
        ofSites.show(registry.findSingleByType(Sites.class).all());
    }

    /** As soon as one cannot be asked for, none is. */
    private Map<String, Figures> readFigures() {
        SitePauses pauses = registry.findSingleByType(SitePauses.class);
        Function<String, ContactGauges.OfSite> contacts =
                registry.findSingleByType(ContactGauges.class).read();
        return registry.findSingleByType(Sites.class).all().stream()
                .collect(Collectors.toMap(
                        Site::id,
                        site -> new Figures(
                                pauses.isPaused(site.id()),
                                pauses.isPausedByHand(site.id()),
                                contacts.apply(site.id()))));
    }

    private static double toNumber(boolean is) {
        return is ? 1 : 0;
    }

    private double ofSite(String site, ToDoubleFunction<Figures> value) {
        return figures.latest()
                .map(known -> known.get(site))
                .map(value::applyAsDouble)
                .orElse(Double.NaN);
    }

    private static List<State> states(BacklogGauges backlog) {
        return List.of(
                new State("due", site -> backlog.ofSite(site, OfSite::due)),
                new State("later", site -> backlog.ofSite(site, OfSite::later)),
                new State("processing", site -> backlog.ofSite(site, OfSite::processing)));
    }
}
