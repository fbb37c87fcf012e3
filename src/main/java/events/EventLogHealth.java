package events;

import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.camel.support.service.ServiceSupport;
import org.apache.camel.util.ObjectHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionException;

/**
 * Whether the event log can record. A database that is away costs whoever asks it a time-out; so after the first failure
 * one thread asks, and everybody else is told at once until it answers again.
 */
public final class EventLogHealth extends ServiceSupport {
    private static final long MILLIS_BETWEEN_PROBES = 500;
    /** PostgreSQL's; Spring has no name for it. */
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private static final Logger LOG = LoggerFactory.getLogger(EventLogHealth.class);

    private final JdbcClient database;
    private final Clock clock;
    private final AtomicBoolean isAway = new AtomicBoolean();
    private final ScheduledExecutorService prober =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "event-log-probe"));

    public EventLogHealth(DataSource dataSource, Clock clock) {
        this.database = JdbcClient.create(dataSource);
        this.clock = clock;
    }

    /**
     * Uses it, unless it could not be used just now.
     *
     * @throws EventLogAway at once, when somebody else has just found out
     * @throws DataAccessException or a TransactionException when this use finds out
     */
    public <T> T use(Supplier<T> use) {
        if (isAway.get()) {
            throw new EventLogAway();
        }
        try {
            return use.get();
        } catch (DataAccessException | TransactionException e) {
            if (isAway(e) && !isLocked(e)) {
                failed(e);
            }
            throw e;
        }
    }

    /** Whether it is the event log that could not be used, and not something that it does not take. */
    static boolean isAway(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof DataIntegrityViolationException) {
                return false;
            }
            if (cause instanceof DataAccessException || cause instanceof TransactionException) {
                return true;
            }
        }
        return false;
    }

    /** Whether somebody else has had a row locked for too long, which says nothing of other rows. */
    static boolean isLocked(Throwable failure) {
        SQLException cause = ObjectHelper.getException(SQLException.class, failure);
        return failure instanceof ConcurrencyFailureException
                || failure instanceof QueryTimeoutException // as Spring calls H2's
                || cause != null && LOCK_NOT_AVAILABLE.equals(cause.getSQLState());
    }

    private void failed(RuntimeException failure) {
        if (isAway.compareAndSet(false, true)) {
            LOG.debug("The event log is asked whether it is there", failure);
            prober.execute(() -> firstProbe(failure));
        }
    }

    /** One failure may have been an accident. */
    private void firstProbe(RuntimeException failure) {
        if (canRecord()) {
            isAway.set(false);
            return;
        }
        LOG.warn(
                "The event log cannot record; until it can, events are answered 503 and kept by their senders: {}",
                FailureReason.rootLine(failure));
        probe();
    }

    private void probe() {
        if (canRecord()) {
            isAway.set(false);
            LOG.info("The event log records again");
        } else {
            prober.schedule(this::probe, MILLIS_BETWEEN_PROBES, TimeUnit.MILLISECONDS);
        }
    }

    /** By recording something: a database that is full or read-only lets itself be read. */
    public boolean canRecord() {
        try {
            return database.sql("UPDATE relay_lease SET held_until = ? WHERE name = 'probe'")
                            .param(OffsetDateTime.now(clock))
                            .update()
                    == 1;
        } catch (RuntimeException | Error e) {
            // Whatever it is: a probe that ended with it would never be followed by another.
            LOG.debug("The event log cannot record", e);
            return false;
        }
    }

    @Override
    protected void doStop() {
        prober.shutdownNow();
    }
}
