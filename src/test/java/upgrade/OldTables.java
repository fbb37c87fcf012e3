package upgrade;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationVersion;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The tables as a version of the relay left them, and rows as it wrote them: only into columns that it had. */
final class OldTables {
    private static final Path MIGRATIONS = Path.of("src", "main", "resources", "db", "migration");

    private final JdbcClient database;
    private final DataSource dataSource;

    private OldTables(DataSource dataSource) {
        this.dataSource = dataSource;
        this.database = JdbcClient.create(dataSource);
    }

    /** All versions of the tables but the newest. */
    static List<String> versions() throws IOException {
        try (Stream<Path> files = Files.list(MIGRATIONS)) {
            List<MigrationVersion> all = files.map(file -> file.getFileName().toString())
                    .map(name -> MigrationVersion.fromVersion(name.substring(1, name.indexOf("__"))))
                    .sorted()
                    .toList();
            return all.subList(0, all.size() - 1).stream()
                    .map(MigrationVersion::getVersion)
                    .toList();
        }
    }

    static OldTables of(DataSource dataSource, String version) {
        Flyway.configure().dataSource(dataSource).target(version).load().migrate();
        return new OldTables(dataSource);
    }

    /** As the relay of today does at its start. */
    void migrate() {
        Flyway.configure().dataSource(dataSource).load().migrate();
    }

    /** @param columns beside those that every event has; those that are not there yet are left out */
    void event(UUID id, String key, String event, String payload, Map<String, String> columns) {
        insert(
                "relay_event",
                columns,
                Map.of(
                        "id", "'" + id + "'",
                        "site", "'default'",
                        "idempotency_key", "'" + key + "'",
                        "event", "'" + event + "'",
                        "payload", "?",
                        "request_id", "'of an old relay'",
                        "received_at", "CURRENT_TIMESTAMP"),
                payload.getBytes(StandardCharsets.UTF_8));
    }

    /** @param columns with SQL for each; a table that is not there yet gets no row */
    void row(String table, Map<String, String> columns) {
        insert(table, columns, Map.of());
    }

    boolean has(String table) {
        return !columnsOf(table).isEmpty();
    }

    private void insert(String table, Map<String, String> some, Map<String, String> always, Object... parameters) {
        List<String> there = columnsOf(table);
        Map<String, String> values = Stream.of(some, always)
                .flatMap(columns -> columns.entrySet().stream())
                .filter(column -> there.contains(column.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        if (!values.isEmpty()) {
            List<String> names = List.copyOf(values.keySet());
            database.sql("INSERT INTO " + table + " (" + String.join(", ", names) + ") VALUES ("
                            + names.stream().map(values::get).collect(Collectors.joining(", ")) + ")")
                    .params(parameters)
                    .update();
        }
    }

    private List<String> columnsOf(String table) {
        return database.sql("SELECT column_name FROM information_schema.columns WHERE table_name = ?")
                .param(table)
                .query(String.class)
                .list();
    }
}
