package routes;

import events.DeadLetters;
import events.EventPages;
import events.Replays;
import ingress.EventSchemas;
import java.time.Clock;
import java.util.Set;
import java.util.TreeSet;
import operations.ApiDescription;
import operations.EventsApi;
import operations.Settings;
import org.apache.camel.spi.Registry;
import pages.AssetFiles;
import pages.ConsoleAddress;
import pages.ErrorPages;
import pages.EventPage;
import pages.ListPage;
import pages.LoginPages;
import pages.OverviewPage;
import pages.Pages;
import pages.PausePages;
import pages.ReplayPages;
import pages.Replaying;
import sites.Sites;
import statistics.Overview;
import wordpress.ManualPauses;
import wordpress.SitePauses;

/** The wiring of the pages that a browser is shown. */
final class PageBeans {
    private final Settings settings;
    private final Clock clock;
    private final Registry registry;

    PageBeans(Settings settings, Clock clock, Registry registry) {
        this.settings = settings;
        this.clock = clock;
        this.registry = registry;
    }

    /** When it is first asked for: it would be a tenth of the start. */
    private static final class BuiltIn {
        static final Set<String> EVENTS = events();

        private static Set<String> events() {
            Set<String> events = new TreeSet<>();
            ApiDescription.read()
                    .at("/components/schemas/Event/oneOf")
                    .forEach(event -> events.add(event.path("$ref").asText().replaceFirst(".*/", "")));
            return events;
        }
    }

    void bind() {
        EventsApi events = bean(EventsApi.class);
        Pages pages = new Pages(settings.adminToken(), clock, new ConsoleAddress(settings.console()));
        registry.bind("pages", pages);
        registry.bind("assetFiles", new AssetFiles(pages));
        registry.bind("errorPages", new ErrorPages(pages));
        registry.bind("loginPages", new LoginPages(pages));
        registry.bind("overviewPage", new OverviewPage(pages, bean(Overview.class), clock));
        registry.bind("listPage", new ListPage(pages, events, this::eventNames, bean(Sites.class)::ids));
        registry.bind("eventPage", new EventPage(pages, events));
        Replaying replaying = new Replaying(bean(EventPages.class), bean(Replays.class), bean(DeadLetters.class));
        registry.bind("replayPages", new ReplayPages(pages, replaying));
        registry.bind(
                "pausePages",
                new PausePages(pages, bean(SitePauses.class), bean(ManualPauses.class), site -> bean(Sites.class)
                        .find(site)
                        .isPresent()));
    }

    private Set<String> eventNames() {
        Set<String> names = new TreeSet<>(BuiltIn.EVENTS);
        names.addAll(bean(EventSchemas.class).own().keySet());
        return names;
    }

    private <T> T bean(Class<T> type) {
        return registry.findSingleByType(type);
    }
}
