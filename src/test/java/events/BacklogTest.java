package events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.dao.DataAccessException;

/** What the backlog counts, on each database. */
class BacklogTest extends EventLogFixture {
    private Backlog backlog;

    @Override
    void open(TestDatabase database) throws Exception {
        super.open(database);
        backlog = new Backlog(dataSource, Clock.systemUTC());
    }

    @ParameterizedTest
    @EnumSource
    void each_site_has_its_unfinished_events_counted_and_those_that_do_not_wait_for_a_later_try(TestDatabase database)
            throws Exception {
        open(database);
        attempts.finish(claim(add("finished")), "{}", null);
        attempts.giveUp(claim(add("finished")), "reason");
        add("busy");
        claim(add("busy"));
        add("down");
        set(add("down"), "due_at", OffsetDateTime.now().plusHours(1));
        set(add("down"), "due_at", OffsetDateTime.now().minusSeconds(1));
        Set<Backlog.OfSite> expected = Set.of(new Backlog.OfSite("busy", 2, 2), new Backlog.OfSite("down", 3, 2));
        assertEquals(expected, new HashSet<>(backlog.bySite()));
    }

    @ParameterizedTest
    @EnumSource
    void while_the_database_is_away_it_says_so(TestDatabase database) throws Exception {
        open(database);
        dataSource.close();
        assertThrows(DataAccessException.class, backlog::bySite);
    }
}
