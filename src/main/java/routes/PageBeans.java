package routes;

import java.time.Clock;
import operations.EventsApi;
import operations.KnownNames;
import operations.Replaying;
import operations.Settings;
import org.apache.camel.spi.Registry;
import pages.AssetFiles;
import pages.ConsoleAddress;
import pages.ErrorPages;
import pages.EventPage;
import pages.HealthPage;
import pages.ListPage;
import pages.LoginPages;
import pages.Nowhere;
import pages.OverviewPage;
import pages.Pages;
import pages.PausePages;
import pages.ReplayPages;
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

    void bind() {
        EventsApi events = bean(EventsApi.class);
        Pages pages = new Pages(settings.adminToken(), clock, new ConsoleAddress(settings.console()));
        registry.bind("pages", pages);
        registry.bind("assetFiles", new AssetFiles(pages));
        registry.bind("notFoundPage", new Nowhere(pages));
        registry.bind("errorPages", new ErrorPages(pages));
        registry.bind("loginPages", new LoginPages(pages));
        registry.bind("overviewPage", new OverviewPage(pages, bean(Overview.class), clock));
        registry.bind("healthPage", new HealthPage(pages));
        registry.bind("listPage", new ListPage(pages, events, bean(KnownNames.class)));
        registry.bind("eventPage", new EventPage(pages, events));
        registry.bind("replayPages", new ReplayPages(pages, bean(Replaying.class)));
        registry.bind(
                "pausePages",
                new PausePages(pages, bean(SitePauses.class), bean(ManualPauses.class), bean(Sites.class)));
    }

    private <T> T bean(Class<T> type) {
        return registry.findSingleByType(type);
    }
}
