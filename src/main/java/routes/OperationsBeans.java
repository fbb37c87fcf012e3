package routes;

import ai.Budget;
import ai.UsageLog;
import erasure.PersonErasure;
import erasure.RequestedErasure;
import events.AnswerLog;
import events.BatchItems;
import events.DeadLetters;
import events.Erasures;
import events.EventLog;
import events.EventPages;
import events.EventTrail;
import events.Replays;
import events.RetryDelays;
import events.WaitingEvents;
import ingress.EmailMatch;
import ingress.EncryptedFields;
import ingress.EventSchemas;
import jakarta.jms.ConnectionFactory;
import java.time.Clock;
import javax.sql.DataSource;
import jmx.Relay;
import metrics.Sampler;
import operations.CloseOnStop;
import operations.EraseApi;
import operations.EventDetails;
import operations.EventsApi;
import operations.KnownNames;
import operations.ManagementClient;
import operations.ReplayApi;
import operations.Replaying;
import operations.Settings;
import operations.SitesApi;
import operations.UsageApi;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Registry;
import sites.Sites;
import wordpress.ManualPauses;
import wordpress.SitePauses;

/** The wiring of what an operator sees, replays and erases. */
final class OperationsBeans {
    private final Settings settings;
    private final Clock clock;
    private final Registry registry;

    OperationsBeans(Settings settings, Clock clock, Registry registry) {
        this.settings = settings;
        this.clock = clock;
        this.registry = registry;
    }

    void bind(CamelContext context, Sampler<WaitingEvents.Now> backlog) throws Exception {
        EventLog eventLog = registry.findSingleByType(EventLog.class);
        DataSource dataSource = registry.findSingleByType(DataSource.class);
        EventPages pages = new EventPages(dataSource, eventLog);
        EventDetails details = new EventDetails(
                eventLog,
                new EventTrail(dataSource, clock),
                registry.findSingleByType(AnswerLog.class),
                registry.findSingleByType(UsageLog.class),
                registry.findSingleByType(BatchItems.class),
                registry.findSingleByType(RetryDelays.class));
        registry.bind("eventDetails", details);
        KnownNames known = new KnownNames(
                registry.findSingleByType(Sites.class), registry.findSingleByType(EventSchemas.class), eventLog);
        registry.bind("knownNames", known);
        EventsApi eventsApi = new EventsApi(eventLog, pages, details, known, settings.adminToken());
        Replays replays = new Replays(dataSource, clock);
        DeadLetters deadLetters = new DeadLetters(registry.findSingleByType(ConnectionFactory.class));
        registry.bind("eventPages", pages);
        registry.bind("eventsApi", eventsApi);
        registry.bind(
                "usageApi",
                new UsageApi(registry.findSingleByType(UsageLog.class), registry.findSingleByType(Budget.class)));
        registry.bind("replays", replays);
        registry.bind("deadLetters", deadLetters);
        Replaying replaying = new Replaying(pages, replays, deadLetters, known);
        registry.bind("replaying", replaying);
        registry.bind("replayApi", new ReplayApi(eventsApi, replaying));
        registry.bind(
                "sitesApi",
                new SitesApi(
                        registry.findSingleByType(Sites.class),
                        registry.findSingleByType(SitePauses.class),
                        registry.findSingleByType(ManualPauses.class),
                        clock));
        if (settings.console().isOn()) {
            context.addService(new CloseOnStop(new Relay(
                            new ManagementClient(settings, "the console"),
                            backlog::latest,
                            registry.findSingleByType(SitePauses.class))
                    .register()));
        }
        PersonErasure erasure = new PersonErasure(
                new Erasures(dataSource, clock),
                deadLetters,
                new EmailMatch(registry.findSingleByType(EncryptedFields.class)));
        registry.bind("eraseApi", new EraseApi(eventsApi, erasure));
        registry.bind("requestedErasure", new RequestedErasure(erasure, clock));
    }
}
