package operations;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The connection pool of the event log, on PostgreSQL or on an H2 file in the data directory. */
public final class Database {
    private static final int CONNECTIONS = 20;
    /** A request must not wait longer for a connection than its sender waits for an answer. */
    private static final int CONNECTION_TIMEOUT_MILLIS = 2_000;

    private static final int POSTGRESQL_CONNECT_SECONDS = 5;
    /** A frozen server answers nobody. No request waits so long: it has its own time-out. */
    private static final int POSTGRESQL_ANSWER_SECONDS = 10;

    /**
     * A relay that is frozen, or whose host is gone, keeps its locks until its server lets go of them. Who waits for one
     * gives up before its own connection does, or the server would go on waiting for nobody.
     */
    private static final String POSTGRESQL_LOCKS =
            "SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '60s'";

    /**
     * A plan from when the table was small, to read all of it, is kept until the table is analysed, a minute later: each
     * claim and each dispatch then cost twice as much. What is here to be found is found by an index.
     */
    private static final String POSTGRESQL_PLANS = "SET enable_seqscan = off";

    private static final int POSTGRESQL_MIGRATION_SECONDS = 900;

    /**
     * Whoever waits for a table to be all its own, as for the end of a backup, has all others wait behind it. A migration
     * gives up sooner than they do, and is tried again.
     */
    private static final String POSTGRESQL_MIGRATION_LOCKS = "SET lock_timeout = '3s'";

    private Database() {}

    /** @return a pool that also starts when there is no database yet */
    public static HikariDataSource connect(Settings settings) {
        Settings.Database database = settings.database();
        HikariConfig config = new HikariConfig();
        config.setPoolName("event-log");
        config.setMaximumPoolSize(CONNECTIONS);
        config.setConnectionTimeout(CONNECTION_TIMEOUT_MILLIS);
        config.setInitializationFailTimeout(-1);
        if (database.isEmbedded()) {
            config.setDataSource(new EmbeddedDatabase(settings.dataDir()));
            config.setExceptionOverrideClassName(ClosedDatabase.class.getName());
            return new HikariDataSource(config);
        }
        config.setJdbcUrl(database.url());
        config.setUsername(database.user());
        config.setPassword(database.password());
        config.addDataSourceProperty("connectTimeout", POSTGRESQL_CONNECT_SECONDS);
        config.addDataSourceProperty("socketTimeout", POSTGRESQL_ANSWER_SECONDS);
        config.addDataSourceProperty("tcpKeepAlive", true);
        config.setConnectionInitSql(POSTGRESQL_LOCKS + "; " + POSTGRESQL_PLANS);
        return new HikariDataSource(config);
    }

    /** For what may take long, such as an index over a million events: one connection a time. */
    public static DataSource forMigration(HikariDataSource dataSource) {
        if (dataSource.getDataSource() instanceof EmbeddedDatabase embedded) {
            return embedded;
        }
        DriverManagerDataSource patient =
                new DriverManagerDataSource(
                        dataSource.getJdbcUrl(), dataSource.getUsername(), dataSource.getPassword()) {
                    @Override
                    protected Connection getConnectionFromDriver(Properties properties) throws SQLException {
                        Connection connection = super.getConnectionFromDriver(properties);
                        try (Statement statement = connection.createStatement()) {
                            statement.execute(POSTGRESQL_MIGRATION_LOCKS);
                        } catch (SQLException e) {
                            connection.close();
                            throw e;
                        }
                        return connection;
                    }
                };
        Properties properties = new Properties();
        properties.setProperty("connectTimeout", Integer.toString(POSTGRESQL_CONNECT_SECONDS));
        properties.setProperty("socketTimeout", Integer.toString(POSTGRESQL_MIGRATION_SECONDS));
        properties.setProperty("tcpKeepAlive", "true");
        patient.setConnectionProperties(properties);
        return patient;
    }

    /** Which database it is, without options or credentials, for the log. */
    public static String describe(HikariDataSource dataSource) {
        return dataSource.getDataSource() instanceof EmbeddedDatabase embedded
                ? embedded.toString()
                : dataSource.getJdbcUrl().replaceFirst("[;?].*", "");
    }
}
