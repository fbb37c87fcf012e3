package routes;

import ai.Budget;
import ai.Caps;
import ai.ChatCompletions;
import ai.PaidAnswers;
import ai.Prices;
import ai.Questions;
import ai.Spending;
import ai.UsageLog;
import ai.WithheldFields;
import automations.Automations;
import events.AnswerLog;
import ingress.EventSchemas;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import operations.AiSettings;
import operations.MoneySettings;
import operations.Settings;
import org.apache.camel.spi.Registry;
import sites.Site;
import sites.Sites;

/** The wiring of what paid AI providers cost, and of what they may. */
final class MoneyBeans {
    /** A test's, whose days begin when it likes. */
    private static final String CLOCK = "budgetClock";

    private final Settings settings;
    private final Clock clock;
    private final Registry registry;

    MoneyBeans(Settings settings, Clock clock, Registry registry) {
        this.settings = settings;
        this.clock = clock;
        this.registry = registry;
    }

    void bind() {
        UsageLog log = new UsageLog(registry.findSingleByType(DataSource.class));
        registry.bind("usageLog", log);
        Clock given = registry.lookupByNameAndType(CLOCK, Clock.class);
        registry.bind("budget", new Budget(log, this::caps, given == null ? clock : given));
    }

    /** What it takes to ask one. */
    void bindAsking(WithheldFields withheldFields, ChatCompletions chatCompletions) {
        AiSettings ai = settings.ai();
        MeterRegistry meters = registry.findSingleByType(MeterRegistry.class);
        Spending spending = new Spending(
                registry.findSingleByType(UsageLog.class),
                registry.findSingleByType(Budget.class),
                new Prices(settings.money().priceIn(), settings.money().priceOut()),
                registry.findSingleByType(EventSchemas.class)::isAnonymous,
                meters);
        registry.bind("spending", spending);
        Duration retention = Duration.ofDays(settings.retentionDays());
        Questions questions = new Questions(
                withheldFields,
                chatCompletions,
                new Questions.Asked(ai.provider(), ai.model(), ai.baseUrl()),
                registry.findSingleByType(Automations.class)::isReplaced,
                retention,
                clock);
        registry.bind(
                "paidAnswers",
                new PaidAnswers(registry.findSingleByType(AnswerLog.class), questions, spending, meters));
    }

    /** As the sites file has them now. Of a site that is not in it any more, those of the relay. */
    private Caps caps(String id) {
        Site.Limits limits = Optional.ofNullable(registry.lookupByNameAndType("sites", Sites.class))
                .flatMap(sites -> sites.find(id))
                .map(Site::limits)
                .orElse(Site.Limits.OF_RELAY);
        return caps(settings.money(), limits);
    }

    static Caps caps(MoneySettings money, Site.Limits limits) {
        boolean isOwn = limits.dailyTokens() != null;
        Long ofRelay = isOwn ? null : money.dailyTokensAnonymous().orElse(null);
        return Caps.of(
                isOwn ? limits.dailyTokens() : money.dailyTokens(),
                limits.dailyTokensAnonymous() == null ? ofRelay : limits.dailyTokensAnonymous(),
                money.dailyTokensTotal());
    }
}
