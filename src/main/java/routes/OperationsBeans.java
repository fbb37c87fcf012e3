package routes;

import ai.Budget;
import ai.UsageLog;
import erasure.PersonErasure;
import erasure.RequestedErasure;
import events.AnswerLog;
import events.DeadLetters;
import events.Erasures;
import events.EventLog;
import events.Replays;
import ingress.EmailMatch;
import ingress.EncryptedFields;
import jakarta.jms.ConnectionFactory;
import java.time.Clock;
import javax.sql.DataSource;
import operations.EraseApi;
import operations.EventsApi;
import operations.ReplayApi;
import operations.Settings;
import operations.UsageApi;
import org.apache.camel.spi.Registry;

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

    void bind() {
        EventLog eventLog = registry.findSingleByType(EventLog.class);
        DataSource dataSource = registry.findSingleByType(DataSource.class);
        EventsApi eventsApi = new EventsApi(
                eventLog,
                dataSource,
                registry.findSingleByType(AnswerLog.class),
                registry.findSingleByType(UsageLog.class),
                settings.adminToken());
        Replays replays = new Replays(dataSource);
        DeadLetters deadLetters = new DeadLetters(registry.findSingleByType(ConnectionFactory.class));
        registry.bind("eventsApi", eventsApi);
        registry.bind(
                "usageApi",
                new UsageApi(registry.findSingleByType(UsageLog.class), registry.findSingleByType(Budget.class)));
        registry.bind("replays", replays);
        registry.bind("deadLetters", deadLetters);
        registry.bind("replayApi", new ReplayApi(eventsApi, replays, deadLetters));
        PersonErasure erasure = new PersonErasure(
                new Erasures(dataSource, clock),
                deadLetters,
                new EmailMatch(registry.findSingleByType(EncryptedFields.class)));
        registry.bind("eraseApi", new EraseApi(eventsApi, erasure));
        registry.bind("requestedErasure", new RequestedErasure(erasure, clock));
    }
}
