package wordpress;

import events.HeldBack;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The sites that refuse our credentials, have no plugin or are at an address that is not to be called. One refusal says
 * the same of every event of the site, so the others wait; now and then one of them tries again, and when it gets
 * through, all may. In the database, since every relay asks the same sites.
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

    private record Pause(String reason, OffsetDateTime pausedAt, OffsetDateTime pausedUntil) {}

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
            pausedSites = Set.copyOf(database.sql("SELECT site FROM relay_pause")
                    .query(String.class)
                    .set());
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

    private Optional<Pause> find(String site) {
        return database.sql("SELECT reason, paused_at, paused_until FROM relay_pause WHERE site = ?")
                .param(site)
                .query((row, number) -> new Pause(
                        row.getString("reason"),
                        row.getObject("paused_at", OffsetDateTime.class),
                        row.getObject("paused_until", OffsetDateTime.class)))
                .optional();
    }

    /** Whoever moves the time on tries. */
    private boolean isNextToTry(String site, Pause pause) {
        Instant now = clock.instant();
        if (pause.pausedUntil().toInstant().isAfter(now)) {
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
        Instant until = pause.pausedUntil()
                .toInstant()
                .plusMillis(ThreadLocalRandom.current().nextLong(interval.toMillis()));
        return new HeldBack("waits, since call-backs to site '" + site + "' are paused: " + pause.reason(), until);
    }

    /**
     * Pauses a site that refuses whatever we send, or that we may not send to.
     *
     * @throws HeldBack when it is paused already: the first refusal has told the operator
     */
    void pause(String site, String reason) {
        OffsetDateTime now = time(clock.instant());
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
                && database.sql("DELETE FROM relay_pause WHERE site = ?")
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
