package wordpress;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import events.HeldBack;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The sites that refuse our credentials, have no plugin or are at an address that is not to be called. One refusal says
 * the same of every event of the site, so the others wait; now and then one of them tries again, and when it gets
 * through, all may. An operator may pause a site as well: then nobody tries until a time, or until it is resumed. In the
 * database, since every relay asks the same sites.
 */
public final class SitePauses {
    private static final Duration SHORTEST = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final long FRESH_MILLIS = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(SitePauses.class);

    private final JdbcClient database;
    private final Clock clock;
    private volatile Set<String> pausedSites = Set.of();
    private final AtomicLong triedAt = new AtomicLong();
    private volatile DataAccessException failure;

    /** What an operator's pause without an end has as its end. */
    private static final OffsetDateTime NO_END = OffsetDateTime.of(9999, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);

    private static final String SELECT = "SELECT site, reason, paused_at, paused_until, by_hand FROM relay_pause";

    /**
     * A site that is not to be called.
     *
     * @param pausedUntil when one event tries again; of an operator's pause its end, null for none
     * @param byHand whether an operator paused it
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Pause(
            String site, String reason, OffsetDateTime pausedAt, OffsetDateTime pausedUntil, boolean byHand) {}

    public SitePauses(DataSource dataSource, Clock clock) {
        this.database = JdbcClient.create(dataSource);
        this.clock = clock;
    }

    /**
     * Whether it is paused, as of a second ago at the latest. Who reads is the only one: a database that is away keeps no
     * others waiting.
     *
     * @throws DataAccessException while the last read failed
     */
    public boolean isPaused(String site) {
        long now = clock.millis();
        long tried = triedAt.get();
        if (now - tried >= FRESH_MILLIS && triedAt.compareAndSet(tried, now)) {
            read();
        }
        DataAccessException failed = failure;
        if (failed != null) {
            throw failed;
        }
        return pausedSites.contains(site);
    }

    private void read() {
        triedAt.set(clock.millis());
        try {
            pausedSites = list().stream().map(Pause::site).collect(Collectors.toUnmodifiableSet());
            failure = null;
        } catch (DataAccessException e) {
            failure = e;
            throw e;
        }
    }

    /**
     * Lets whoever is to try again pass.
     *
     * @return whether the caller is the one
     * @throws HeldBack for everybody else, while the site is paused
     */
    boolean check(String site) {
        if (!isPaused(site)) {
            return false;
        }
        Optional<Pause> pause = find(site);
        if (pause.isPresent() && !isNextToTry(site, pause.get())) {
            throw heldBack(site, pause.get());
        }
        return pause.isPresent();
    }

    /** The sites that are paused now, by their names. */
    public List<Pause> list() {
        return database.sql(SELECT + " WHERE NOT by_hand OR paused_until > ? ORDER BY site")
                .param(time(clock.instant()))
                .query(SitePauses::pause)
                .list();
    }

    private Optional<Pause> find(String site) {
        return database.sql(SELECT + " WHERE site = ? AND (NOT by_hand OR paused_until > ?)")
                .params(site, time(clock.instant()))
                .query(SitePauses::pause)
                .optional();
    }

    private static Pause pause(ResultSet row, int number) throws SQLException {
        OffsetDateTime until = row.getObject("paused_until", OffsetDateTime.class);
        return new Pause(
                row.getString("site"),
                row.getString("reason"),
                row.getObject("paused_at", OffsetDateTime.class),
                until.isEqual(NO_END) ? null : until,
                row.getBoolean("by_hand"));
    }

    /** Whoever moves the time on tries. */
    private boolean isNextToTry(String site, Pause pause) {
        Instant now = clock.instant();
        if (pause.byHand() || pause.pausedUntil().toInstant().isAfter(now)) {
            return false;
        }
        return database.sql("UPDATE relay_pause SET paused_until = ? WHERE site = ? AND paused_until = ?")
                        .params(time(now.plus(interval(pause.pausedAt().toInstant()))), site, pause.pausedUntil())
                        .update()
                == 1;
    }

    private Duration interval(Instant pausedAt) {
        return HeldBack.growing(Duration.between(pausedAt, clock.instant()), SHORTEST, LONGEST);
    }

    private HeldBack heldBack(String site, Pause pause) {
        Duration interval = interval(pause.pausedAt().toInstant());
        // Of an operator's pause nobody knows when it is lifted: its events look again, ever more rarely.
        Instant next = pause.byHand()
                ? clock.instant().plus(interval)
                : pause.pausedUntil().toInstant();
        Instant until = next.plusMillis(ThreadLocalRandom.current().nextLong(interval.toMillis()));
        return new HeldBack("waits, since call-backs to site '" + site + "' are paused: " + pause.reason(), until);
    }

    /**
     * An operator pauses a site: its events wait, whatever it would answer. In place of a pause that there is.
     *
     * @param until null: until it is resumed
     */
    public void pauseByHand(String site, OffsetDateTime until, String reason) {
        OffsetDateTime end = until == null ? NO_END : until;
        OffsetDateTime now = time(clock.instant());
        int changed = database.sql("UPDATE relay_pause SET reason = ?, paused_at = ?, paused_until = ?, by_hand = TRUE"
                        + " WHERE site = ?")
                .params(reason, now, end, site)
                .update();
        if (changed == 0) {
            database.sql("INSERT INTO relay_pause (site, reason, paused_at, paused_until, by_hand)"
                            + " VALUES (?, ?, ?, ?, TRUE) ON CONFLICT DO NOTHING")
                    .params(site, reason, now, end)
                    .update();
        }
        read();
        LOG.info(
                "Call-backs to site '{}' are paused by hand{}: {}",
                site,
                until == null ? "" : " until " + until,
                reason);
    }

    /** An operator lets a site be called again, whoever paused it. @return whether it was paused */
    public boolean resume(String site) {
        int resumed = database.sql("DELETE FROM relay_pause WHERE site = ? AND (NOT by_hand OR paused_until > ?)")
                .params(site, time(clock.instant()))
                .update();
        read();
        if (resumed == 1) {
            LOG.info("Call-backs to site '{}' go on: resumed by hand", site);
        }
        return resumed == 1;
    }

    /**
     * Pauses a site that refuses whatever we send, or that we may not send to.
     *
     * @throws HeldBack when it is paused already: the first refusal has told the operator
     */
    void pause(String site, String reason) {
        OffsetDateTime now = time(clock.instant());
        database.sql("DELETE FROM relay_pause WHERE site = ? AND by_hand AND paused_until <= ?")
                .params(site, now)
                .update();
        int added =
                database.sql("""
                        INSERT INTO relay_pause (site, reason, paused_at, paused_until) VALUES (?, ?, ?, ?)
                        ON CONFLICT DO NOTHING""").params(site, reason, now, now.plus(SHORTEST)).update();
        read();
        if (added == 1) {
            LOG.error("Call-backs to site '{}' are paused, since {}", site, reason);
            return;
        }
        find(site).ifPresent(pause -> {
            throw heldBack(site, pause);
        });
    }

    /** The site took our credentials. */
    void lift(String site) {
        if (pausedSites.contains(site)
                && database.sql("DELETE FROM relay_pause WHERE site = ? AND NOT by_hand")
                                .param(site)
                                .update()
                        == 1) {
            LOG.info("Call-backs to site '{}' go on", site);
            read();
        }
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
