package routes;

import ai.Budget;
import ai.Caps;
import ai.UsageLog;
import java.time.Clock;
import java.util.Optional;
import javax.sql.DataSource;
import operations.Settings;
import org.apache.camel.spi.Registry;
import sites.Site;
import sites.Sites;

/** The wiring of what paid AI providers cost, and of what they may. */
final class MoneyBeans {
    /** A test's, whose days begin when it likes. */
    private static final String CLOCK = "budgetClock";

    private final Settings.Money money;
    private final Clock clock;
    private final Registry registry;

    MoneyBeans(Settings settings, Clock clock, Registry registry) {
        this.money = settings.money();
        this.clock = clock;
        this.registry = registry;
    }

    void bind() {
        UsageLog log = new UsageLog(registry.findSingleByType(DataSource.class));
        registry.bind("usageLog", log);
        Clock given = registry.lookupByNameAndType(CLOCK, Clock.class);
        registry.bind("budget", new Budget(log, this::caps, given == null ? clock : given));
    }

    /** As the sites file has them now. Of a site that is not in it any more, those of the relay. */
    private Caps caps(String id) {
        Site.Limits limits = Optional.ofNullable(registry.lookupByNameAndType("sites", Sites.class))
                .flatMap(sites -> sites.find(id))
                .map(Site::limits)
                .orElse(Site.Limits.OF_RELAY);
        return caps(money, limits);
    }

    static Caps caps(Settings.Money money, Site.Limits limits) {
        boolean isOwn = limits.dailyTokens() != null;
        Long ofRelay = isOwn ? null : money.dailyTokensAnonymous().orElse(null);
        return Caps.of(
                isOwn ? limits.dailyTokens() : money.dailyTokens(),
                limits.dailyTokensAnonymous() == null ? ofRelay : limits.dailyTokensAnonymous(),
                money.dailyTokensTotal());
    }
}
