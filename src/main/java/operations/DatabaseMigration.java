package operations;

import events.FailureReason;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.camel.support.service.ServiceSupport;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the tables to this version. A database that is not there yet is waited for: intake answers 503 until it is,
 * and nothing has to be started again.
 */
public final class DatabaseMigration extends ServiceSupport {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseMigration.class);
    private static final int SECONDS_BETWEEN_TRIES = 2;

    private final DataSource dataSource;
    private final String description;
    private final ScheduledExecutorService executor =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "database-migration"));
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    /** @param description which database it is, without credentials, for the log */
    public DatabaseMigration(DataSource dataSource, String description) {
        this.dataSource = dataSource;
        this.description = description;
    }

    /** Whether the tables are there. */
    public boolean isDone() {
        return done.isDone();
    }

    /** Runs something as soon as the tables are there, at once if they are. */
    public void whenDone(Runnable action) {
        done.thenRun(action);
    }

    @Override
    protected void doStart() {
        executor.execute(this::migrateOrWait);
    }

    @Override
    protected void doStop() {
        executor.shutdownNow();
    }

    private void migrateOrWait() {
        try {
            Flyway.configure().dataSource(dataSource).load().migrate();
            LOG.info("The event log is ready: {}", description);
            done.complete(null);
            executor.shutdown();
        } catch (RuntimeException | Error e) {
            LOG.warn(
                    "{}: {}. Until it is there, events are answered with 503 and kept by their senders.",
                    e instanceof FlywayValidateException
                            ? "The tables do not fit this version"
                            : "Waiting for the database " + description,
                    FailureReason.rootLine(e));
            executor.schedule(this::migrateOrWait, SECONDS_BETWEEN_TRIES, TimeUnit.SECONDS);
        }
    }
}
