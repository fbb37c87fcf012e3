package wordpress;

import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Pauses by hand: an operator has the events of a site wait, whatever it would answer, until a time or until it is resumed.
 * They stand where those of {@link SitePauses} do; in all relays it takes a second until they hold.
 */
public final class ManualPauses {
    private static final String NO_REASON = "an operator paused it";

    private static final Logger LOG = LoggerFactory.getLogger(ManualPauses.class);

    private final JdbcClient database;
    private final SitePauses pauses;
    private final Clock clock;

    /** @param pauses takes note at once */
    public ManualPauses(DataSource dataSource, SitePauses pauses, Clock clock) {
        this.database = JdbcClient.create(dataSource);
        this.pauses = pauses;
        this.clock = clock;
    }

    /**
     * Pauses a site, in place of a pause that there is.
     *
     * @param until null: until it is resumed
     * @param reason null or blank: it is only said that an operator paused it
     */
    public void pause(String site, OffsetDateTime until, String reason) {
        String why = reason == null || reason.isBlank() ? NO_REASON : reason;
        OffsetDateTime now = SitePauses.time(clock.instant());
        // An older relay, which knows no end, tries again then.
        List<Object> values = Arrays.asList(why, now, now.plus(SitePauses.LONGEST), until, site);
        // A worker may pause the site or lift that in between.
        while (replace(values) == 0 && insert(values) == 0) {
            LOG.debug("The pause of site '{}' was changed meanwhile", site);
        }
        pauses.read();
        LOG.info("Call-backs to site '{}' are paused by hand{}: {}", site, until == null ? "" : " until " + until, why);
    }

    private int replace(List<Object> values) {
        return database.sql("UPDATE relay_pause SET reason = ?, paused_at = ?, paused_until = ?, ends_at = ?,"
                        + " by_hand = TRUE WHERE site = ?")
                .params(values)
                .update();
    }

    private int insert(List<Object> values) {
        return database.sql("INSERT INTO relay_pause (reason, paused_at, paused_until, ends_at, site, by_hand)"
                        + " VALUES (?, ?, ?, ?, ?, TRUE) ON CONFLICT DO NOTHING")
                .params(values)
                .update();
    }

    /** Lets a site be called again, whoever paused it. @return whether it was paused */
    public boolean resume(String site) {
        pauses.deleteEnded(site);
        int resumed = database.sql("DELETE FROM relay_pause WHERE site = ?")
                .param(site)
                .update();
        pauses.read();
        if (resumed == 1) {
            LOG.info("Call-backs to site '{}' go on: resumed by hand", site);
        }
        return resumed == 1;
    }
}
