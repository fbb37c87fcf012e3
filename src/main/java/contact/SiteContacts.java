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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;
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

    /** How many ranges of a site to write down. */
    private static final int MOST_STORED = 200;

    /** Within it the same is not said twice, and to count anew twice is suspicious. */
    private static final Duration LONG = Duration.ofHours(1);

    private static final Duration FRESH = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(SiteContacts.class);

    private final JdbcClient database;
    private final JdbcTemplate updates;
    private final TransactionTemplate transaction;
    private final Heard heard;
    private final Clock clock;
    private final Map<String, Instant> written = new ConcurrentHashMap<>();
    private final Map<String, Instant> cutAt = new ConcurrentHashMap<>();
    private final Map<String, Instant> countedAnewAt = new ConcurrentHashMap<>();
    private final AtomicReference<Instant> triedAt = new AtomicReference<>(Instant.MIN);
    private volatile Map<String, Contact> known = Map.of();
    private volatile boolean isKnown;

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
        this.updates = new JdbcTemplate(dataSource);
        this.transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        this.heard = heard;
        this.clock = clock;
    }

    /** Writes down what this relay has heard; what cannot be written is kept until the next time. */
    public void write() {
        Map<String, Ranges> numbers = heard.takeNumbers();
        Failed failed = new Failed();
        try {
            for (String site : List.copyOf(numbers.keySet())) {
                failed.unless(() -> {
                    write(site, ranges -> {
                        ranges.addAbove(numbers.get(site), clock.instant());
                        return ranges;
                    });
                    numbers.remove(site);
                });
            }
            heard.times().forEach((site, time) -> {
                Instant last = written.get(site);
                if (last == null || Duration.between(last, time).compareTo(LATE) >= 0) {
                    failed.unless(() -> write(site, ranges -> ranges));
                }
            });
        } finally {
            numbers.forEach(heard::putBack);
        }
        failed.check();
    }

    /** Of several sites the one that cannot be written keeps no other from it, but for a database that is away. */
    private static final class Failed {
        private RuntimeException first;

        void unless(Runnable write) {
            try {
                write.run();
            } catch (CannotCreateTransactionException e) {
                // Each of the others would wait as long for a connection.
                throw e;
            } catch (DataAccessException | TransactionException e) {
                first = first == null ? e : first;
            }
        }

        void check() {
            if (first != null) {
                throw first;
            }
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
                without(after, before)
                        .map(range -> new Object[] {site, range.first(), range.last(), time(range.since())}));
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
        return new Range(row.getLong("first_number"), row.getLong("last_number"), instant(row, "since"));
    }

    /** All sites that were ever heard, by their id. */
    public Map<String, Contact> read() {
        triedAt.set(clock.instant());
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
        isKnown = true;
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
                store(asked.site(), ranges -> {
                    ranges.endAt(last.get(), now);
                    return ranges;
                });
            } else {
                store(asked.site(), ranges -> {
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
        if (!isLongAgo(countedAnewAt.put(site, now))) {
            LOG.warn(
                    "Site '{}' has counted its events anew twice within an hour: two sites may send with its secret, such"
                            + " as a copy of it; give each a site and a secret of its own",
                    site);
        }
    }

    /** For metrics: how many events are missing, as of some seconds ago; NaN while the database cannot be read. */
    public double missing(String site) {
        Contact contact = recent(site);
        if (!isKnown) {
            return Double.NaN;
        }
        return contact == null ? 0 : contact.missing();
    }

    /** For metrics: since when a site was not heard, in seconds; NaN for one that never was, and as before. */
    public double silentSeconds(String site) {
        Contact contact = recent(site);
        if (!isKnown) {
            return Double.NaN; // Another relay may have heard it.
        }
        Instant mine = heard.time(site);
        Instant last = contact != null && (mine == null || contact.heardAt().isAfter(mine)) ? contact.heardAt() : mine;
        return last == null
                ? Double.NaN
                : Math.max(0, Duration.between(last, clock.instant()).toMillis() / 1000.0);
    }

    /** Who reads is the only one: a database that is away keeps no others waiting. */
    private Contact recent(String site) {
        Instant now = clock.instant();
        Instant tried = triedAt.get();
        if (tried.isBefore(now.minus(FRESH)) && triedAt.compareAndSet(tried, now)) {
            try {
                read();
            } catch (DataAccessException e) {
                isKnown = false;
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
