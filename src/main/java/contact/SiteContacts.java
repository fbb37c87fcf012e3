package contact;

import contact.Ranges.Gap;
import contact.Ranges.Range;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Which sites were heard, and which of their events have come; of all relays on a database together. What is said of one
 * site is written with its row locked. Each method throws Spring's {@code DataAccessException} or {@code
 * TransactionException} when the database does not take it, unless it says otherwise.
 */
public final class SiteContacts {
    /** To count anew twice within it is suspicious. */
    private static final Duration LONG = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger(SiteContacts.class);

    private final JdbcClient database;
    private final SequenceTable sequences;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final Map<String, Instant> countedAnewAt = new ConcurrentHashMap<>();

    public SiteContacts(DataSource dataSource, Clock clock) {
        this.database = JdbcClient.create(dataSource);
        this.sequences = new SequenceTable(dataSource, clock);
        this.transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        this.clock = clock;
    }

    /**
     * A site was heard.
     *
     * @param change what that means for its numbers
     */
    void heard(String site, Instant time, UnaryOperator<Ranges> change) {
        transaction.executeWithoutResult(status -> {
            lock(site, time, now());
            database.sql("UPDATE relay_site_contact SET heard_at = ? WHERE site = ? AND heard_at < ?")
                    .params(time(time), site, time(time))
                    .update();
            sequences.change(site, change);
        });
    }

    private void lock(String site, Instant heardAt, Instant now) {
        database.sql("""
                        INSERT INTO relay_site_contact (site, heard_at, ask_after) VALUES (?, ?, ?)
                        ON CONFLICT DO NOTHING""").params(site, time(heardAt), time(now)).update();
        database.sql("SELECT site FROM relay_site_contact WHERE site = ? FOR UPDATE")
                .param(site)
                .query(String.class)
                .single();
    }

    /** All sites that were ever heard, by their id. */
    public Map<String, Contact> read() {
        Map<String, List<Range>> ranges = sequences.read();
        Map<String, Contact> contacts = new HashMap<>();
        database.sql("SELECT * FROM relay_site_contact")
                .query((row, number) -> contacts.put(
                        row.getString("site"),
                        new Contact(
                                row.getString("site"),
                                instant(row, "heard_at"),
                                instant(row, "ask_after"),
                                row.getInt("fruitless"),
                                row.getLong("missing"),
                                ranges.getOrDefault(row.getString("site"), List.of()))))
                .list();
        return contacts;
    }

    /** Writes down how many numbers are overdue, where that has changed, and says so. */
    public void note(Contact contact, List<Gap> overdue) {
        long missing = size(overdue);
        if (missing == contact.missing()) {
            return;
        }
        if (database.sql("UPDATE relay_site_contact SET missing = ? WHERE site = ? AND missing = ?")
                        .params(missing, contact.site(), contact.missing())
                        .update()
                == 0) {
            return;
        }
        if (missing == 0) {
            LOG.info("Of site '{}' no event is missing any more", contact.site());
        } else if (contact.missing() == 0) {
            LOG.info("Of site '{}' {} events are missing, number {} first", contact.site(), missing, overdue.get(0));
        }
    }

    private static long size(List<Gap> gaps) {
        return gaps.stream().mapToLong(Gap::size).sum();
    }

    /**
     * Takes on to ask a site, which nobody else is to do until then.
     *
     * @return false when somebody else has
     */
    public boolean claim(Contact contact, Instant until) {
        return database.sql(
                                "UPDATE relay_site_contact SET asked_at = ?, ask_after = ? WHERE site = ? AND ask_after = ?")
                        .params(time(now()), time(until), contact.site(), time(contact.askAfter()))
                        .update()
                == 1;
    }

    /** A site that was asked did not answer as a plugin does. */
    public void unanswered(Contact asked, Instant askAfter) {
        database.sql("UPDATE relay_site_contact SET fruitless = fruitless + 1, ask_after = ? WHERE site = ?")
                .params(time(askAfter), asked.site())
                .update();
    }

    /**
     * A site that was asked answered.
     *
     * @param asked what was known of it when it was asked
     * @param absent numbers that will not come
     * @param last the number that it gave out last, if it says that: a lower one than has come means that it counts anew
     * @param isFruitful whether the answer got on with what is missing
     */
    public void answered(Contact asked, List<Long> absent, Optional<Long> last, boolean isFruitful, Instant askAfter) {
        Instant now = now();
        boolean isAnew = asked.isPlugin()
                && last.filter(number -> number < asked.highest()).isPresent();
        transaction.executeWithoutResult(status -> {
            lock(asked.site(), now, now);
            database.sql("UPDATE relay_site_contact SET heard_at = ?, fruitless = ?, ask_after = ? WHERE site = ?")
                    .params(time(now), isFruitful ? 0 : asked.fruitless() + 1, time(askAfter), asked.site())
                    .update();
            if (isAnew) {
                sequences.change(asked.site(), ranges -> {
                    ranges.endAt(last.get(), now);
                    return ranges;
                });
            } else {
                sequences.change(asked.site(), ranges -> {
                    absent.forEach(number -> ranges.add(number, now));
                    return ranges;
                });
            }
        });
        if (isAnew) {
            countsAnew(asked, last.get(), now);
        }
    }

    private void countsAnew(Contact asked, long last, Instant now) {
        String site = asked.site();
        LOG.info("Site '{}' counts its events anew: it is at {}, and was at {}", site, last, asked.highest());
        Instant before = countedAnewAt.put(site, now);
        if (before != null && !before.isBefore(now.minus(LONG))) {
            LOG.warn(
                    "Site '{}' has counted its events anew twice within an hour: two sites may send with its secret, such"
                            + " as a copy of it; give each a site and a secret of its own",
                    site);
        }
    }

    /** As precise as the columns are. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    static OffsetDateTime time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }
}
