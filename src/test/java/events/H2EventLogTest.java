package events;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import operations.Database;
import org.junit.jupiter.api.io.TempDir;

/** On an H2 file, with the URL of production. */
class H2EventLogTest extends EventLogContract {
    @TempDir
    Path dataDir;

    @Override
    HikariDataSource newDatabase() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(Database.embeddedUrl(dataDir));
        config.setMaximumPoolSize(10);
        return new HikariDataSource(config);
    }
}
