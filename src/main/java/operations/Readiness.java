package operations;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Ready means: can record. */
public final class Readiness extends AbstractHealthCheck {
    private static final int SECONDS = 2;

    private final DataSource dataSource;
    private final DatabaseMigration migration;

    public Readiness(DataSource dataSource, DatabaseMigration migration) {
        super("relay", "event-log");
        this.dataSource = dataSource;
        this.migration = migration;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        if (!migration.isDone()) {
            builder.message("the database is not there yet, or its tables are not")
                    .down();
            return;
        }
        try (Connection connection = dataSource.getConnection()) {
            if (connection.isValid(SECONDS)) {
                builder.up();
            } else {
                builder.message("the database does not answer").down();
            }
        } catch (SQLException e) {
            builder.message("the database cannot be reached").down();
        }
    }
}
