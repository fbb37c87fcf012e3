package events;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import operations.EmbeddedDatabase;
import org.flywaydb.core.Flyway;

/** The databases that the relay runs on, for tests that hold for each. */
public enum TestDatabase {
    /** On a file, opened as in production. */
    H2 {
        @Override
        void configure(HikariConfig config, Path directory) {
            config.setDataSource(new EmbeddedDatabase(directory));
        }
    },
    /** A real server, which lives as long as this process, and a database of its own for each test. */
    POSTGRESQL {
        private EmbeddedPostgres server;
        private int databases;

        @Override
        synchronized void configure(HikariConfig config, Path directory) throws IOException, SQLException {
            if (server == null) {
                server = EmbeddedPostgres.start();
            }
            String name = "relay_" + ++databases;
            try (Connection connection = server.getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE " + name);
            }
            config.setJdbcUrl(server.getJdbcUrl("postgres", name));
        }
    };

    abstract void configure(HikariConfig config, Path directory) throws IOException, SQLException;

    /** A database without tables. */
    public HikariDataSource open(Path directory) throws IOException, SQLException {
        HikariConfig config = new HikariConfig();
        configure(config, directory);
        config.setMaximumPoolSize(10);
        return new HikariDataSource(config);
    }

    /** A database with the tables and no events. */
    public HikariDataSource create(Path directory) throws IOException, SQLException {
        HikariDataSource dataSource = open(directory);
        Flyway.configure().dataSource(dataSource).load().migrate();
        return dataSource;
    }
}
