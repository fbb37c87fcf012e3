package wordpress;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import events.HeldBack;
import events.Pauses;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * through, all may. An operator may pause a site as well ({@link ManualPauses}): then nobody tries. In the database, since
 * every relay asks the same sites.
 */
public final class SitePauses {
    private static final Duration SHORTEST = Duration.ofSeconds(5);
    /** Between one try and the next. */
    static final Duration LONGEST = Duration.ofMinutes(5);

    private static final long FRESH_MILLIS = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(SitePauses.class);

    private final JdbcClient database;
    private final Clock clock;
    private volatile Map<String, Pause> pausedSites = Map.of();
    private final AtomicLong triedAt = new AtomicLong();
    private volatile DataAccessException failure;

    private static final String SELECT =
            "SELECT site, reason, paused_at, paused_until, by_hand, ends_at FROM relay_pause WHERE " + Pauses.LASTS;

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
        return known(site).isPresent();
    }

    /** As {@link #isPaused}: whether an operator paused it. */
    public boolean isPausedByHand(String site) {
        return known(site).filter(Pause::byHand).isPresent();
    }

    private Optional<Pause> known(String site) {
        long now = clock.millis();
        long tried = triedAt.get();
        if (now - tried >= FRESH_MILLIS && triedAt.compareAndSet(tried, now)) {
            read();
        }
        DataAccessException failed = failure;
        if (failed != null) {
            throw failed;
        }
        return Optional.ofNullable(pausedSites.get(site));
    }

    /** Takes note of what was changed just now. */
    void read() {
        triedAt.set(clock.millis());
        try {
            pausedSites = list().stream().collect(Collectors.toUnmodifiableMap(Pause::site, pause -> pause));
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
        return database.sql(SELECT + " ORDER BY site")
                .param(time(clock.instant()))
                .query(SitePauses::pause)
                .list();
    }

    private Optional<Pause> find(String site) {
        return database.sql(SELECT + " AND site = ?")
                .params(time(clock.instant()), site)
                .query(SitePauses::pause)
                .optional();
    }

    private static Pause pause(ResultSet row, int number) throws SQLException {
        boolean byHand = row.getBoolean("by_hand");
        return new Pause(
                row.getString("site"),
                row.getString("reason"),
                row.getObject("paused_at", OffsetDateTime.class),
                row.getObject(byHand ? "ends_at" : "paused_until", OffsetDateTime.class),
                byHand);
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
     * Pauses a site that refuses whatever we send, or that we may not send to.
     *
     * @throws HeldBack when it is paused already: the first refusal has told the operator
     */
    void pause(String site, String reason) {
        OffsetDateTime now = time(clock.instant());
        deleteEnded(site);
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

    /** A row that is past its end keeps no place of the next. */
    void deleteEnded(String site) {
        database.sql("DELETE FROM relay_pause WHERE NOT " + Pauses.LASTS + " AND site = ?")
                .params(time(clock.instant()), site)
                .update();
    }

    /** The site took our credentials. */
    void lift(String site) {
        if (pausedSites.containsKey(site)
                && database.sql("DELETE FROM relay_pause WHERE site = ? AND NOT by_hand")
                                .param(site)
                                .update()
                        == 1) {
            LOG.info("Call-backs to site '{}' go on", site);
            read();
        }
    }

    static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
