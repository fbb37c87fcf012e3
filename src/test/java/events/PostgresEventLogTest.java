package events;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;

/** On a real PostgreSQL, a database of its own for each test. */
class PostgresEventLogTest extends EventLogContract {
    @Override
    HikariDataSource newDatabase(Path directory) throws Exception {
        return TestDatabase.POSTGRESQL.open(directory);
    }
}
