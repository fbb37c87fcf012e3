package routes;

import ai.AnswerValidator;
import ai.ChatAnswer;
import ai.ChatCompletions;
import ai.ChatFormats;
import ai.LocalAi;
import ai.PaidAnswers;
import ai.ProviderChain;
import ai.ProviderConnection;
import ai.ProviderGuard;
import ai.ProviderHealth;
import ai.WithheldFields;
import crm.CrmGuard;
import crm.CrmWebhook;
import events.AnswerLog;
import events.Failures;
import ingress.EventSchemas;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import operations.Redaction;
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
        registry.bind("localAi", local);
        registry.bind("withheldFields", new WithheldFields(registry.findSingleByType(EventSchemas.class)::personal));
        ChatFormats formats = new ChatFormats(clock);
        registry.bind("chatFormats", formats);
        registry.bind("chatCompletions", new ChatCompletions(formats));
        registry.bind("chatAnswer", new ChatAnswer());
        registry.bind("aiConnection", new ProviderConnection(ai.baseUrl(), ai.apiKey(), ai.timeout()));
        bindProviders(ai.providers());
        registry.bind("answerValidator", new AnswerValidator());
        registry.bind(
                "paidAnswers",
                new PaidAnswers(
                        registry.findSingleByType(AnswerLog.class), registry.findSingleByType(MeterRegistry.class)));
        if (ai.providers().contains("local")) {
            // The model takes a second to load: not in the way of the start, and not of the first event either.
            context.getExecutorServiceManager()
                    .newThread("ai-warm-up", local::warmUp)
                    .start();
        }
    }

    private void bindProviders(List<String> providers) {
        ProviderGuard guard = new ProviderGuard(providers, clock, registry.findSingleByType(MeterRegistry.class));
        registry.bind("providerGuard", guard);
        registry.bind("providerChain", new ProviderChain(providers, registry.findSingleByType(Failures.class), clock));
        registry.bind("providerHealth", new ProviderHealth(guard, registry.findSingleByType(Redaction.class)::apply));
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
