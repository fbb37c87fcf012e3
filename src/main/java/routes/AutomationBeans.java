package routes;

import ai.AnswerValidator;
import ai.ChatAnswer;
import ai.ChatCompletions;
import ai.ChatFormats;
import ai.LocalAi;
import ai.ProviderChain;
import ai.ProviderConnection;
import ai.ProviderGuard;
import ai.ProviderHealth;
import ai.SharedChat;
import ai.SharedRequest;
import ai.SharingProviders;
import ai.Spending;
import ai.TaskCatalog;
import ai.WithheldFields;
import automations.Automations;
import automations.AutomationsReload;
import automations.LayeredDirect;
import automations.OwnRoutes;
import batch.BatchFetch;
import batch.BatchItem;
import batch.BatchRun;
import crm.CrmGuard;
import crm.CrmWebhook;
import events.AnswerLog;
import events.BatchItems;
import events.Failures;
import events.RetryDelays;
import ingress.EventSchemas;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import operations.AiSettings;
import operations.CloseOnStop;
import operations.CrmSettings;
import operations.Redaction;
import operations.RelayMetrics;
import operations.Settings;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.spi.Registry;
import sites.Sites;

/** The wiring of what automations ask and tell, WordPress aside: the AI and the CRM; and of batches. */
final class AutomationBeans {
    private final Settings settings;
    private final Clock clock;
    private final Registry registry;

    AutomationBeans(Settings settings, Clock clock, Registry registry) {
        this.settings = settings;
        this.clock = clock;
        this.registry = registry;
    }

    void bind(CamelContext context) throws Exception {
        TaskCatalog tasks = new TaskCatalog();
        bindOwn(context, tasks);
        bindAi(context, tasks);
        bindCrm();
        bindBatches(context);
    }

    private void bindOwn(CamelContext context, TaskCatalog tasks) throws Exception {
        LayeredDirect direct = new LayeredDirect();
        context.addComponent("direct", direct);
        Redaction redaction = registry.findSingleByType(Redaction.class);
        AutomationsReload reload = new AutomationsReload(
                settings.automations(),
                registry.findSingleByType(EventSchemas.class)::replaceOwn,
                tasks::replaceOwn,
                new OwnRoutes((ModelCamelContext) context, clock, redaction::apply));
        registry.bind("automations", new Automations(direct));
        context.addStartupListener(new StartWork(reload));
    }

    private void bindAi(CamelContext context, TaskCatalog tasks) {
        AiSettings ai = settings.ai();
        LocalAi local = new LocalAi();
        registry.bind("localAi", local);
        WithheldFields withheldFields = new WithheldFields(registry.findSingleByType(EventSchemas.class)::personal);
        registry.bind("withheldFields", withheldFields);
        ChatFormats formats = new ChatFormats(clock);
        registry.bind("chatFormats", formats);
        ChatCompletions chatCompletions = new ChatCompletions(tasks, formats);
        registry.bind("chatCompletions", chatCompletions);
        registry.bind("chatAnswer", new ChatAnswer());
        registry.bind("aiConnection", new ProviderConnection(ai.baseUrl(), ai.apiKey(), ai.timeout()));
        bindProviders(ai.providers());
        registry.bind("answerValidator", new AnswerValidator(tasks));
        new MoneyBeans(settings, clock, registry).bindAsking(withheldFields, chatCompletions);
        bindSharedChat(context, tasks);
        if (ai.providers().contains("local")) {
            // The model takes a second to load: not in the way of the start, and not of the first event either.
            context.getExecutorServiceManager()
                    .newThread("ai-warm-up", local::warmUp)
                    .start();
        }
    }

    private void bindSharedChat(CamelContext context, TaskCatalog tasks) {
        int workers = settings.workers() + settings.batchWorkers();
        Spending spending = registry.findSingleByType(Spending.class);
        SharingProviders providers = new SharingProviders(clock);
        registry.bind(
                "sharedChat",
                new SharedChat(
                        tasks,
                        spending,
                        providers,
                        new SharedChat.Waiting(
                                workers,
                                settings.ai().togetherWait(),
                                settings.ai().timeout())));
        registry.bind(
                "sharedRequest",
                new SharedRequest(tasks, spending, providers, registry.findSingleByType(MeterRegistry.class)));
        // Whoever waits for a thread would wait for as long as another request takes.
        ExecutorService threads = context.getExecutorServiceManager().newFixedThreadPool(this, "shared-chat", workers);
        registry.bind("sharedChatThreads", threads);
    }

    private void bindProviders(List<String> providers) {
        ProviderGuard guard = new ProviderGuard(providers, clock, registry.findSingleByType(MeterRegistry.class));
        registry.bind("providerGuard", guard);
        registry.bind("providerChain", new ProviderChain(providers, registry.findSingleByType(Failures.class), clock));
        registry.bind("providerHealth", new ProviderHealth(guard, registry.findSingleByType(Redaction.class)::apply));
    }

    private void bindCrm() {
        CrmSettings crm = settings.crm();
        registry.bind("crmGuard", new CrmGuard(settings.workers()));
        registry.bind(
                "crmWebhook",
                new CrmWebhook(
                        crm.webhookUrl(), crm.webhookSecret(), registry.findSingleByType(AnswerLog.class), clock));
    }

    private void bindBatches(CamelContext context) throws Exception {
        BatchItems items = registry.findSingleByType(BatchItems.class);
        Sites sites = registry.findSingleByType(Sites.class);
        registry.bind("batchRun", new BatchRun(items, sites, settings.workers(), clock));
        registry.bind("batchFetch", new BatchFetch(items, sites));
        registry.bind(
                "batchItem",
                new BatchItem(
                        items,
                        registry.findSingleByType(Failures.class),
                        registry.findSingleByType(RetryDelays.class),
                        registry.findSingleByType(RelayMetrics.class)));
        ExecutorService workers = Executors.newFixedThreadPool(settings.batchWorkers(), task -> {
            Thread worker = context.getExecutorServiceManager().newThread("batch-item", task);
            // As those of single events have.
            worker.setPriority(Thread.MIN_PRIORITY);
            return worker;
        });
        registry.bind("batchWorkers", workers);
        context.addService(new CloseOnStop(workers::shutdown));
    }
}
