package events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** One relay at a time, on each database. */
class LeaseTest {
    @TempDir
    Path directory;

    private HikariDataSource dataSource;

    private Lease open(TestDatabase database) throws Exception {
        dataSource = database.create(directory);
        return lease();
    }

    private Lease lease() {
        return new Lease(dataSource, "prune");
    }

    @AfterEach
    void close() {
        dataSource.close();
    }

    /** As if the minute had passed. */
    private void runOut() {
        JdbcClient.create(dataSource)
                .sql("UPDATE relay_lease SET held_until = CURRENT_TIMESTAMP - INTERVAL '1' SECOND")
                .update();
    }

    @ParameterizedTest
    @EnumSource
    void of_many_relays_exactly_one_takes_it(TestDatabase database) throws Exception {
        open(database);
        ExecutorService relays = Executors.newFixedThreadPool(8);
        try {
            List<Boolean> taken = new ArrayList<>();
            Callable<Boolean> relay = () -> lease().take();
            for (Future<Boolean> answer : relays.invokeAll(Collections.nCopies(8, relay))) {
                taken.add(answer.get());
            }
            assertEquals(1, Collections.frequency(taken, true));
        } finally {
            relays.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource
    void it_is_held_as_long_as_it_is_renewed_and_free_once_it_is_released(TestDatabase database) throws Exception {
        Lease holder = open(database);
        Lease other = lease();
        assertFalse(holder.renew(), "nobody renews what was never taken");
        assertTrue(holder.take());
        assertTrue(holder.renew());
        assertTrue(holder.renew());
        assertFalse(holder.take(), "two runs of one relay are two");
        assertFalse(other.take());
        other.release();
        assertFalse(other.take(), "only the holder can release it");
        holder.release();
        assertFalse(holder.renew());
        assertTrue(other.take());
    }

    @ParameterizedTest
    @EnumSource
    void a_relay_that_died_leaves_it_to_run_out_and_learns_that_it_is_lost_if_it_lives_after_all(TestDatabase database)
            throws Exception {
        Lease late = open(database);
        Lease next = lease();
        assertTrue(late.take());
        runOut();
        assertTrue(next.take());
        assertFalse(late.renew());
        late.release();
        assertTrue(next.renew());
    }
}
