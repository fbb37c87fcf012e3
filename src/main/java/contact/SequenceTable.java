package contact;

import contact.Ranges.Range;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The ranges of numbers that have come of each site. A site's are changed by who has the row of its contact locked. */
final class SequenceTable {
    /** How many ranges of a site to write down. */
    private static final int MOST_STORED = 200;

    /** Within it the same is not said twice. */
    private static final Duration LONG = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger(SequenceTable.class);

    private final JdbcClient database;
    private final JdbcTemplate updates;
    private final Clock clock;
    private final Map<String, Instant> cutAt = new ConcurrentHashMap<>();

    SequenceTable(DataSource dataSource, Clock clock) {
        this.database = JdbcClient.create(dataSource);
        this.updates = new JdbcTemplate(dataSource);
        this.clock = clock;
    }

    /** Of all sites, the lowest first. */
    Map<String, List<Range>> read() {
        Map<String, List<Range>> ranges = new HashMap<>();
        database.sql("SELECT site, first_number, last_number, since FROM relay_site_sequence ORDER BY first_number")
                .query((row, number) -> ranges.computeIfAbsent(row.getString("site"), site -> new ArrayList<>())
                        .add(range(row)))
                .list();
        return ranges;
    }

    /** In a transaction that has the site's row locked. */
    void change(String site, UnaryOperator<Ranges> change) {
        List<Range> before =
                database.sql("""
                        SELECT site, first_number, last_number, since FROM relay_site_sequence WHERE site = ?
                        ORDER BY first_number""").param(site).query((row, number) -> range(row)).list();
        Ranges changed = change.apply(Ranges.of(before));
        changed.cut(MOST_STORED);
        if (changed.isCut() && isLongAgo(cutAt.get(site))) {
            cutAt.put(site, clock.instant());
            LOG.warn(
                    "Of site '{}' more events are missing here and there than are kept: the latest count as come",
                    site);
        }
        List<Range> after = changed.ranges();
        update(
                "DELETE FROM relay_site_sequence WHERE site = ? AND first_number = ?",
                without(before, after).map(range -> new Object[] {site, range.first()}));
        update(
                "INSERT INTO relay_site_sequence (site, first_number, last_number, since) VALUES (?, ?, ?, ?)",
                without(after, before).map(range ->
                        new Object[] {site, range.first(), range.last(), SiteContacts.time(range.since())}));
    }

    private static Stream<Range> without(List<Range> ranges, List<Range> others) {
        Set<Range> known = new HashSet<>(others);
        return ranges.stream().filter(range -> !known.contains(range));
    }

    private void update(String sql, Stream<Object[]> rows) {
        List<Object[]> all = rows.toList();
        if (!all.isEmpty()) {
            updates.batchUpdate(sql, all);
        }
    }

    private boolean isLongAgo(Instant said) {
        return said == null || said.isBefore(clock.instant().minus(LONG));
    }

    private static Range range(ResultSet row) throws SQLException {
        return new Range(row.getLong("first_number"), row.getLong("last_number"), SiteContacts.instant(row, "since"));
    }
}
