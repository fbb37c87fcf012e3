package events;

import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** When events were put back, and by whom. */
final class ReplayLog {
    /** The width of the column, in characters. */
    private static final int LONGEST = 128;

    private final JdbcClient database;
    private final Clock clock;

    ReplayLog(DataSource dataSource, Clock clock) {
        this.database = JdbcClient.create(dataSource);
        this.clock = clock;
    }

    /** To be called before they are put back, in the same transaction, which has locked them. */
    void write(List<UUID> events, String by) {
        OffsetDateTime now = clock.instant().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
        String who = AttemptLog.printable(by);
        database.sql("INSERT INTO relay_replay (event_id, replay, replayed_at, replayed_by)"
                        + " SELECT id, replays + 1, ?, ? FROM relay_event WHERE id = ANY(?)")
                .params(now, who.length() <= LONGEST ? who : who.substring(0, LONGEST), EventLog.ids(events.stream()))
                .update();
    }

    /** Which events were put back between two moments, both included. */
    List<UUID> events(OffsetDateTime from, OffsetDateTime to, int most) {
        return database.sql(
                        "SELECT DISTINCT event_id FROM relay_replay WHERE replayed_at >= ? AND replayed_at <= ? LIMIT ?")
                .params(from, to, most)
                .query(UUID.class)
                .list();
    }

    /** The first one first. */
    static List<Replay> read(JdbcClient database, UUID event) {
        return database.sql("SELECT replayed_at, replayed_by FROM relay_replay WHERE event_id = ? ORDER BY replay")
                .param(event)
                .query((row, number) ->
                        new Replay(row.getObject("replayed_at", OffsetDateTime.class), row.getString("replayed_by")))
                .list();
    }
}
