package routes;

import com.sun.management.OperatingSystemMXBean;
import com.zaxxer.hikari.HikariDataSource;
import events.AnswerLog;
import events.AttemptLog;
import events.Backlog;
import events.BatchItems;
import events.Claims;
import events.DispatchPace;
import events.Dispatcher;
import events.EventLog;
import events.EventLogHealth;
import events.EventLogIdempotentRepository;
import events.Failures;
import events.Lease;
import events.Outbox;
import events.RetryDelays;
import events.WorkPace;
import http.PlainHttpClient;
import ingress.Admission;
import ingress.EventLoopEngine;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.jms.ConnectionFactory;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import logging.LoggedSteps;
import operations.BatchingListenerContainer;
import operations.CloseOnStop;
import operations.Database;
import operations.DatabaseMigration;
import operations.EmbeddedBroker;
import operations.KnownQueues;
import operations.ManagementHttpEngine;
import operations.OutboundHeaders;
import operations.Readiness;
import operations.Redaction;
import operations.RelayMetrics;
import operations.Settings;
import operations.TextMessages;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.NoErrorHandlerBuilder;
import org.apache.camel.component.activemq.ActiveMQComponent;
import org.apache.camel.component.jms.ConsumerType;
import org.apache.camel.spi.Registry;
import org.messaginghub.pooled.jms.JmsPoolConnectionFactory;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskExecutor;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jms.connection.JmsTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The wiring: every object that the routes refer to by name is made here, from the settings. Camel Main finds it. */
public final class Beans implements CamelConfiguration {
    /** One writes a group of events; the others answer those of the groups before, whose routes go on there. */
    private static final int EVENT_WRITERS = 4;

    private static final int BROKER_CONNECTIONS = 4;

    private final Clock clock = Clock.systemUTC();
    private Settings settings;

    @Override
    public void configure(CamelContext context) throws Exception {
        settings = context.getRegistry().findSingleByType(Settings.class);
        // What fails in an automation travels up to work-on-event, where failure-policy decides.
        context.getCamelContextExtension().setErrorHandlerFactory(new NoErrorHandlerBuilder());
        Registry registry = context.getRegistry();
        registry.bind("managementHttpEngine", new ManagementHttpEngine(settings.managementPort()));
        registry.bind("outboundHeaders", new OutboundHeaders());
        registry.bind("plainHttpClient", new PlainHttpClient());
        registry.bind("redaction", new Redaction(settings.secrets()));
        registry.bind("metrics", new RelayMetrics(registry.findSingleByType(MeterRegistry.class)));
        TracingBeans.bind(context);
        context.getCamelContextExtension().addInterceptStrategy(new LoggedSteps());
        bindEventLog(context, registry);
        bindBroker(context, registry);
        new MoneyBeans(settings, clock, registry).bind();
        new SiteBeans(settings, clock, registry).bind(context);
        new AutomationBeans(settings, clock, registry).bind(context);
        new StatisticsBeans(clock, registry).bind(context);
        MeterBeans meters = new MeterBeans(settings, clock, registry);
        meters.bind(context);
        new OperationsBeans(settings, clock, registry).bind(context, meters.backlog());
        new PageBeans(settings, clock, registry).bind();
    }

    private void bindEventLog(CamelContext context, Registry registry) throws Exception {
        HikariDataSource dataSource = Database.connect(settings);
        DatabaseMigration migration =
                new DatabaseMigration(Database.forMigration(dataSource), Database.describe(dataSource));
        dataSource.setMetricRegistry(registry.findSingleByType(MeterRegistry.class));
        EventLog eventLog = new EventLog(dataSource, clock);
        registry.bind("dataSource", dataSource);
        registry.bind("eventLog", eventLog);
        registry.bind("claims", new Claims(dataSource, clock));
        AttemptLog attempts = new AttemptLog(dataSource, clock);
        registry.bind("attemptLog", attempts);
        registry.bind("batchItems", new BatchItems(dataSource, clock));
        registry.bind("answerLog", new AnswerLog(dataSource, clock));
        RetryDelays retryDelays = new RetryDelays(settings.retryDelays(), clock);
        Redaction redaction = registry.findSingleByType(Redaction.class);
        registry.bind("retryDelays", retryDelays);
        registry.bind("failures", new Failures(attempts, retryDelays, clock, redaction::apply));
        EventLogHealth health = new EventLogHealth(dataSource, clock);
        registry.bind("eventLogHealth", health);
        registry.bind("pruneLease", new Lease(dataSource, "prune"));
        Backlog backlog = new Backlog(dataSource, clock);
        registry.bind("backlog", backlog);
        Admission admission = new Admission(
                backlog,
                settings.backlogLimit(),
                System::nanoTime,
                context.getExecutorServiceManager().newSingleThreadExecutor(this, "backlog-count"));
        registry.bind("admission", admission);
        registry.bind(
                "dispatchPace",
                new DispatchPace(this::load, admission::recorded, admission::hasRoom, System::nanoTime));
        // Not a pool of Camel's, which works on the caller's thread when it has much to do: here, an event loop.
        ExecutorService writers = Executors.newFixedThreadPool(
                EVENT_WRITERS, task -> context.getExecutorServiceManager().newThread("record-events", task));
        registry.bind("idempotentRepository", new EventLogIdempotentRepository(eventLog, health, writers));
        registry.bind("eventLoopEngine", new EventLoopEngine(settings.port()));
        registry.bind("databaseMigration", migration);
        registry.bind("readiness", new Readiness(health, migration));
        context.addService(new CloseOnStop(dataSource));
        context.addService(new CloseOnStop(writers::shutdown));
        context.addService(health);
        // Now, beside the broker's start, and not when the routes are there.
        context.addService(migration, true, true);
    }

    /** Of the machine, from 0 to 1. The embedded database writes for one at a time: whoever works is in the way of all. */
    private double load() {
        return settings.database().isEmbedded()
                ? 1
                : ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                        .getCpuLoad();
    }

    private void bindBroker(CamelContext context, Registry registry) throws Exception {
        Settings.Broker broker = settings.broker();
        if (broker.isEmbedded()) {
            MeterRegistry meters = registry.findSingleByType(MeterRegistry.class);
            context.addService(new EmbeddedBroker(settings.dataDir().resolve("broker"), meters), true, true);
        }
        ActiveMQConnectionFactory artemis = broker.isEmbedded()
                ? new ActiveMQConnectionFactory(EmbeddedBroker.URL)
                : new ActiveMQConnectionFactory(broker.url(), broker.user(), broker.password());
        // Nobody asks for the object in a message (TextMessages); whoever did would not get it (CVE-2015-5254 and kin).
        artemis.setDeserializationDenyList("*");
        // No message waits behind a slow one of the same worker while another worker is idle.
        artemis.setConsumerWindowSize(0);
        JmsPoolConnectionFactory pool = new JmsPoolConnectionFactory();
        pool.setConnectionFactory(artemis);
        pool.setMaxConnections(BROKER_CONNECTIONS);
        context.addService(new CloseOnStop(pool::stop));
        // One object for consumers, producers and the transaction manager: that is what makes a send join.
        registry.bind("connectionFactory", ConnectionFactory.class, pool);
        DataSource dataSource = registry.findSingleByType(DataSource.class);
        WorkPace pace = new WorkPace(settings.workers());
        registry.bind("workPace", pace);
        registry.bind(
                "dispatcher",
                new Dispatcher(
                        new Outbox(dataSource, clock),
                        new TransactionTemplate(new DataSourceTransactionManager(dataSource)),
                        new TransactionTemplate(new JmsTransactionManager(pool)),
                        pace::eventsInAMessage));
        ActiveMQComponent activemq = new ActiveMQComponent();
        activemq.setConnectionFactory(pool);
        activemq.setDestinationResolver(new KnownQueues());
        activemq.setMessageConverter(new TextMessages());
        activemq.setConsumerType(ConsumerType.Custom);
        activemq.setTaskExecutor(workers());
        activemq.setMessageListenerContainerFactory(BatchingListenerContainer::new);
        registry.bind("activemq", activemq);
    }

    /** Of a low priority: what comes in goes before what waits, and the compiler of the JVM before both. */
    private static TaskExecutor workers() {
        SimpleAsyncTaskExecutor workers = new SimpleAsyncTaskExecutor("worker-");
        workers.setThreadPriority(Thread.MIN_PRIORITY);
        return workers;
    }
}
