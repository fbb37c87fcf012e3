package events;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import operations.EmbeddedDatabase;
import org.flywaydb.core.Flyway;
import org.springframework.util.FileSystemUtils;

/** The databases that the relay runs on, for tests that hold for each. */
public enum TestDatabase {
    /** On a file, opened as in production. */
    H2 {
        private static final String FILE = "events.mv.db";

        private byte[] tables;

        @Override
        void configure(HikariConfig config, Path directory) {
            config.setDataSource(new EmbeddedDatabase(directory));
        }

        @Override
        void configureWithTables(HikariConfig config, Path directory) throws IOException, SQLException {
            // One that is there is opened again.
            if (!Files.exists(directory.resolve(FILE))) {
                Files.write(directory.resolve(FILE), tables());
            }
            configure(config, directory);
        }

        private synchronized byte[] tables() throws IOException, SQLException {
            if (tables == null) {
                Path made = Files.createTempDirectory("tables");
                migrate(open(made));
                tables = Files.readAllBytes(made.resolve(FILE));
                FileSystemUtils.deleteRecursively(made);
            }
            return tables;
        }
    },
    /** A real server, which lives as long as this process, and a database of its own for each test. */
    POSTGRESQL {
        private EmbeddedPostgres server;
        private int databases;
        private String tables;

        @Override
        void configure(HikariConfig config, Path directory) throws IOException, SQLException {
            configure(config, "");
        }

        @Override
        synchronized void configureWithTables(HikariConfig config, Path directory) throws IOException, SQLException {
            if (tables == null) {
                HikariConfig template = new HikariConfig();
                String name = configure(template, "");
                migrate(new HikariDataSource(template));
                tables = name;
            }
            configure(config, " TEMPLATE " + tables);
        }

        private synchronized String configure(HikariConfig config, String template) throws IOException, SQLException {
            if (server == null) {
                server = EmbeddedPostgres.start();
            }
            String name = "relay_" + ++databases;
            try (Connection connection = server.getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE " + name + template);
            }
            config.setJdbcUrl(server.getJdbcUrl("postgres", name));
            return name;
        }
    };

    abstract void configure(HikariConfig config, Path directory) throws IOException, SQLException;

    /** The tables are made once and copied for each test, which is much quicker. */
    abstract void configureWithTables(HikariConfig config, Path directory) throws IOException, SQLException;

    /** A database without tables. */
    public HikariDataSource open(Path directory) throws IOException, SQLException {
        HikariConfig config = new HikariConfig();
        configure(config, directory);
        return open(config);
    }

    /** A database with the tables and no events. */
    public HikariDataSource create(Path directory) throws IOException, SQLException {
        HikariConfig config = new HikariConfig();
        configureWithTables(config, directory);
        return open(config);
    }

    private static HikariDataSource open(HikariConfig config) {
        config.setMaximumPoolSize(10);
        return new HikariDataSource(config);
    }

    private static void migrate(HikariDataSource dataSource) {
        try (dataSource) {
            Flyway.configure().dataSource(dataSource).load().migrate();
        }
    }
}
