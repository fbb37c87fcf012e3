package wordpress;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import events.HeldBack;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.junit.jupiter.api.Test;

class PatienceTest {
    private static final IOException SILENCE = new IOException(new SocketTimeoutException("Read timed out"));

    private final Patience patience = new Patience("site 'default'", 4);

    private void timeOut() {
        patience.end(patience.begin(), SILENCE);
    }

    @Test
    void no_more_than_half_of_the_workers_wait_for_a_server_that_is_slow() {
        Patience.Call first = patience.begin();
        Patience.Call second = patience.begin();
        assertThrows(HeldBack.class, patience::begin, "whether it answers is not known yet");
        patience.end(first, null);
        patience.end(patience.begin(), null);
        patience.end(second, null);
    }

    @Test
    void a_busy_server_that_answers_is_asked_by_all() {
        patience.end(patience.begin(), null);
        for (int worker = 0; worker < 4; worker++) {
            patience.begin();
        }
        patience.begin();
    }

    @Test
    void a_server_that_answers_some_and_leaves_others_waiting_keeps_half_of_the_workers() {
        patience.end(patience.begin(), null);
        patience.begin();
        patience.begin();
        await().untilAsserted(() -> assertThrows(HeldBack.class, patience::begin));
    }

    @Test
    void one_worker_waits_always_however_few_there_are() {
        Patience ofOne = new Patience("site 'default'", 1);
        ofOne.end(ofOne.begin(), null);
        ofOne.begin();
        ofOne.begin();
        await().untilAsserted(() -> assertThrows(HeldBack.class, ofOne::begin));
    }

    @Test
    void after_two_time_outs_only_one_asks_and_when_it_is_answered_all_do() {
        timeOut();
        timeOut();
        HeldBack held = assertThrows(HeldBack.class, patience::begin);
        assertEquals("waits, since site 'default' does not answer in time", held.getMessage());
        assertTrue(held.until().isAfter(Instant.now()));
        assertTrue(held.until().isBefore(Instant.now().plus(Duration.ofSeconds(3))));
        Patience.Call probe = await().ignoreException(HeldBack.class).until(patience::begin, call -> true);
        assertThrows(HeldBack.class, patience::begin);
        patience.end(probe, null);
        patience.end(patience.begin(), null);
        patience.end(patience.begin(), null);
    }

    @Test
    void an_error_that_comes_quickly_holds_nobody_up() {
        for (int time = 0; time < 20; time++) {
            patience.end(patience.begin(), new HttpOperationFailedException("http://site", 500, "", null, null, ""));
            patience.end(patience.begin(), new IOException("Connection reset"));
        }
    }
}
