package operations;

import events.EventLogHealth;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Ready means: can record. */
public final class Readiness extends AbstractHealthCheck {
    private final EventLogHealth eventLog;
    private final DatabaseMigration migration;
    private volatile boolean isRetired;

    public Readiness(EventLogHealth eventLog, DatabaseMigration migration) {
        super("relay", "event-log");
        this.eventLog = eventLog;
        this.migration = migration;
    }

    /** The same, for who does not ask why not. */
    public boolean canRecord() {
        return migration.isDone() && eventLog.canRecord();
    }

    /** From now on it says that it is not ready, whatever it can: it is about to stop. */
    public void retire() {
        isRetired = true;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        if (isRetired || getCamelContext().getStatus().isStopping()) {
            builder.message("the relay is stopping").down();
        } else if (!migration.isDone()) {
            builder.message("the database is not there yet, or its tables are not")
                    .down();
        } else if (!eventLog.canRecord()) {
            builder.message("the database cannot record").down();
        } else {
            builder.up();
        }
    }
}
