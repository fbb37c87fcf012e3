package routes;

import ai.AnswerValidator;
import ai.Budget;
import ai.ChatAnswer;
import ai.ChatCompletions;
import ai.LocalAi;
import ai.Outage;
import ai.PaidAnswers;
import ai.Prices;
import ai.ProviderConnection;
import ai.Questions;
import ai.Spending;
import ai.UsageLog;
import ai.WithheldFields;
import crm.CrmGuard;
import crm.CrmWebhook;
import events.AnswerLog;
import ingress.EventSchemas;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import operations.RelayMetrics;
import operations.Settings;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Registry;

/** The wiring of what automations ask and tell, WordPress aside: the AI and the CRM. */
final class AutomationBeans {
    private final Settings settings;
    private final Clock clock;
    private final Registry registry;

    AutomationBeans(Settings settings, Clock clock, Registry registry) {
        this.settings = settings;
        this.clock = clock;
        this.registry = registry;
    }

    void bind(CamelContext context) {
        bindAi(context);
        bindCrm();
    }

    private void bindAi(CamelContext context) {
        Settings.Ai ai = settings.ai();
        LocalAi local = new LocalAi();
        Outage outage = new Outage(clock);
        registry.bind("localAi", local);
        WithheldFields withheldFields = new WithheldFields(registry.findSingleByType(EventSchemas.class)::personal);
        registry.bind("withheldFields", withheldFields);
        ChatCompletions chatCompletions = new ChatCompletions();
        registry.bind("chatCompletions", chatCompletions);
        registry.bind("chatAnswer", new ChatAnswer());
        registry.bind("aiConnection", new ProviderConnection(ai.apiKey(), ai.timeout()));
        registry.bind("aiOutage", outage);
        CircuitBreaker breaker = outage.breaker();
        registry.bind("aiBreaker", breaker);
        registry.findSingleByType(RelayMetrics.class).watch(ai.provider(), breaker);
        registry.bind("answerValidator", new AnswerValidator());
        bindMoney(withheldFields, chatCompletions);
        if (ai.provider().equals("local")) {
            // The model takes a second to load: not in the way of the start, and not of the first event either.
            context.getExecutorServiceManager()
                    .newThread("ai-warm-up", local::warmUp)
                    .start();
        }
    }

    private void bindMoney(WithheldFields withheldFields, ChatCompletions chatCompletions) {
        Settings.Ai ai = settings.ai();
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
                retention,
                clock);
        registry.bind(
                "paidAnswers",
                new PaidAnswers(registry.findSingleByType(AnswerLog.class), questions, spending, meters));
    }

    private void bindCrm() {
        Settings.Crm crm = settings.crm();
        registry.bind("crmGuard", new CrmGuard(settings.workers()));
        registry.bind(
                "crmWebhook",
                new CrmWebhook(
                        crm.webhookUrl(), crm.webhookSecret(), registry.findSingleByType(AnswerLog.class), clock));
    }
}
