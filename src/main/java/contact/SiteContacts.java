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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Which sites were heard, and which of their events have come; of all relays on a database together. What is said of one
 * site is written with its row locked. Each method throws Spring's {@code DataAccessException} or {@code
 * TransactionException} when the database does not take it, unless it says otherwise.
 */
public final class SiteContacts {
    /** Events overtake each other, and the plugin comes again after a minute. */
    static final Duration OVERDUE = Duration.ofMinutes(2);

    /** How precise heard_at is: a site that sends all the time is not written down all the time. */
    private static final Duration LATE = Duration.ofMinutes(1);

    private static final Duration FRESH = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(SiteContacts.class);

    private final JdbcClient database;
    private final TransactionTemplate transaction;
    private final Heard heard;
    private final Clock clock;
    private final Map<String, Instant> written = new ConcurrentHashMap<>();
    private volatile Map<String, Contact> known = Map.of();
    private volatile Instant readAt = Instant.MIN;

    /**
     * What is known of a site.
     *
     * @param askAfter when it may be asked again
     * @param fruitless how often in a row nothing came of it
     * @param missing how many numbers were overdue when it was looked at last
     * @param ranges its numbers that have come; empty for a sender that is no plugin
     */
    public record Contact(
            String site, Instant heardAt, Instant askAfter, int fruitless, long missing, List<Range> ranges) {
        /** The numbers that have been missing for long, the lowest first. */
        public List<Gap> overdue(Instant now) {
            return Ranges.of(ranges).gaps(now.minus(OVERDUE));
        }

        public boolean isPlugin() {
            return !ranges.isEmpty();
        }

        long highest() {
            return Ranges.of(ranges).highest();
        }
    }

    public SiteContacts(DataSource dataSource, Heard heard, Clock clock) {
        this.database = JdbcClient.create(dataSource);
        this.transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        this.heard = heard;
        this.clock = clock;
    }

    /** Writes down what this relay has heard; what cannot be written is kept until the next time. */
    public void write() {
        Map<String, Ranges> numbers = heard.takeNumbers();
        try {
            for (String site : List.copyOf(numbers.keySet())) {
                write(site, ranges -> {
                    ranges.addAbove(numbers.get(site), clock.instant());
                    return ranges;
                });
                numbers.remove(site);
            }
            heard.times().forEach((site, time) -> {
                Instant last = written.get(site);
                if (last == null || Duration.between(last, time).compareTo(LATE) >= 0) {
                    write(site, ranges -> ranges);
                }
            });
        } finally {
            numbers.forEach(heard::putBack);
        }
    }

    /** As {@link #write()}, and throws nothing: when the relay stops. */
    public void writeIfPossible() {
        try {
            write();
        } catch (DataAccessException | TransactionException e) {
            LOG.debug("What was heard of sites last cannot be written down", e);
        }
    }

    private void write(String site, UnaryOperator<Ranges> change) {
        Instant now = now();
        Instant time = heard.time(site) == null ? now : heard.time(site);
        transaction.executeWithoutResult(status -> {
            lock(site, time, now);
            database.sql("UPDATE relay_site_contact SET heard_at = ? WHERE site = ? AND heard_at < ?")
                    .params(time(time), site, time(time))
                    .update();
            store(site, change);
        });
        written.put(site, time);
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

    /** With its row locked. */
    private void store(String site, UnaryOperator<Ranges> change) {
        List<Range> before =
                database.sql("""
                        SELECT site, first_number, last_number, since FROM relay_site_sequence WHERE site = ?
                        ORDER BY first_number""").param(site).query((row, number) -> range(row)).list();
        List<Range> after = change.apply(Ranges.of(before)).ranges();
        before.stream().filter(range -> !after.contains(range)).forEach(range -> database.sql(
                        "DELETE FROM relay_site_sequence WHERE site = ? AND first_number = ?")
                .params(site, range.first())
                .update());
        after.stream().filter(range -> !before.contains(range)).forEach(range -> database.sql(
                        "INSERT INTO relay_site_sequence (site, first_number, last_number, since) VALUES (?, ?, ?, ?)")
                .params(site, range.first(), range.last(), time(range.since()))
                .update());
    }

    private static Range range(ResultSet row) throws SQLException {
        return new Range(row.getLong("first_number"), row.getLong("last_number"), instant(row, "since"));
    }

    /** All sites that were ever heard, by their id. */
    public Map<String, Contact> read() {
        Map<String, List<Range>> ranges = new HashMap<>();
        database.sql("SELECT site, first_number, last_number, since FROM relay_site_sequence ORDER BY first_number")
                .query((row, number) -> ranges.computeIfAbsent(row.getString("site"), site -> new ArrayList<>())
                        .add(range(row)))
                .list();
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
        known = contacts;
        readAt = clock.instant();
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
                store(asked.site(), ranges -> Ranges.of(List.of(new Range(last.get(), last.get(), now))));
            } else {
                store(asked.site(), ranges -> {
                    absent.forEach(number -> ranges.add(number, now));
                    return ranges;
                });
            }
        });
        if (isAnew) {
            LOG.info(
                    "Site '{}' counts its events anew: it is at {}, and was at {}",
                    asked.site(),
                    last.get(),
                    asked.highest());
        }
    }

    /** For metrics: how many events are missing, as of some seconds ago; NaN while nobody knows. */
    public double missing(String site) {
        Contact contact = recent(site);
        return contact == null ? unknown() : contact.missing();
    }

    /** For metrics: since when a site was not heard, in seconds; NaN for one that never was. */
    public double silentSeconds(String site) {
        Contact contact = recent(site);
        Instant mine = heard.time(site);
        Instant last = contact != null && (mine == null || contact.heardAt().isAfter(mine)) ? contact.heardAt() : mine;
        return last == null
                ? Double.NaN
                : Math.max(0, Duration.between(last, clock.instant()).toMillis() / 1000.0);
    }

    private double unknown() {
        return readAt.equals(Instant.MIN) ? Double.NaN : 0;
    }

    private Contact recent(String site) {
        Instant now = clock.instant();
        if (readAt.isBefore(now.minus(FRESH))) {
            try {
                read();
            } catch (DataAccessException e) {
                LOG.debug("What is known of sites cannot be read", e);
            }
        }
        return known.get(site);
    }

    /** As precise as the columns are. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }
}
