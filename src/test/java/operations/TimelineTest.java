package operations;

import static org.junit.jupiter.api.Assertions.assertEquals;

import events.Answer;
import events.AnswerLog.Kept;
import events.Attempt;
import events.Event;
import events.EventLog;
import events.EventTrail.Place;
import events.EventTrail.Waiting;
import events.Replay;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelineTest {
    private static final OffsetDateTime START = OffsetDateTime.parse("2026-01-31T09:30:00Z");

    private static OffsetDateTime at(int seconds) {
        return START.plusSeconds(seconds);
    }

    /** As it stands after so many attempts, the last of which began then. */
    private static Event event(String status, int attempts, int replays, Integer started, Integer finished) {
        return new Event(
                EventLog.nextId(),
                "site",
                "key",
                "post.published",
                new byte[0],
                "request",
                null,
                status,
                attempts,
                0,
                0,
                replays,
                at(0),
                started == null ? null : at(started),
                finished == null ? null : at(finished),
                null,
                null,
                status.equals("done") ? "applied" : null,
                null);
    }

    private static Attempt attempt(int number, int second, String outcome) {
        return new Attempt(number, at(second), at(second + 1), outcome, outcome.equals("done") ? null : "no " + number);
    }

    /** Each moment in words: second, what, text. */
    private static List<String> told(
            Event event, Integer dispatched, Waiting waiting, List<Replay> replays, List<Attempt> attempts) {
        return told(event, dispatched, waiting, replays, attempts, List.of());
    }

    private static List<String> told(
            Event event,
            Integer dispatched,
            Waiting waiting,
            List<Replay> replays,
            List<Attempt> attempts,
            List<Kept> answers) {
        Place place = new Place(dispatched == null ? null : at(dispatched), null, null);
        return Timeline.of(event, place, waiting, replays, attempts, answers).stream()
                .map(moment -> ((OffsetDateTime) moment.get("at")).getSecond() + " " + moment.get("what")
                        + (moment.containsKey("attempt") ? " " + moment.get("attempt") : "")
                        + (moment.get("text") == null ? "" : " " + moment.get("text")))
                .toList();
    }

    @Test
    void a_replay_stands_between_the_attempts_before_it_and_those_after_it() {
        assertEquals(
                List.of(
                        "0 received",
                        "2 queued then or before",
                        "3 attempt 1 failed, to be tried again",
                        "6 attempt 2 failed for good",
                        "6 dead letter",
                        "20 replayed by bin/relay of ada",
                        "21 queued again",
                        "23 called back WordPress answered: applied",
                        "23 attempt 3 succeeded",
                        "23 done"),
                told(
                        event("done", 3, 1, 22, 23),
                        21,
                        null,
                        List.of(new Replay(at(20), "bin/relay of ada")),
                        List.of(attempt(1, 2, "retry"), attempt(2, 5, "error"), attempt(3, 22, "done"))));
    }

    @Test
    void a_replay_that_is_not_in_the_queue_yet_is_the_last_that_happened() {
        assertEquals(
                List.of(
                        "0 received",
                        "2 queued then or before",
                        "3 attempt 1 failed for good",
                        "3 dead letter",
                        "9 replayed by a page"),
                told(
                        event("queued", 1, 1, 2, null),
                        null,
                        null,
                        List.of(new Replay(at(9), "a page")),
                        List.of(attempt(1, 2, "error"))));
    }

    @Test
    void a_dead_letter_that_was_moved_back_was_queued_once_and_is_worked_on() {
        assertEquals(
                List.of(
                        "0 received",
                        "1 queued",
                        "3 attempt 1 failed for good",
                        "3 dead letter",
                        "9 replayed by somebody",
                        "10 attempt 2 is under way"),
                told(
                        event("processing", 2, 1, 10, null),
                        1,
                        null,
                        List.of(new Replay(at(9), "somebody")),
                        List.of(attempt(1, 2, "error"))));
    }

    @Test
    void it_was_in_the_queue_before_a_worker_took_it_whichever_was_written_down_first() {
        assertEquals(
                List.of("0 received", "2 queued", "3 attempt 1 failed for good", "3 dead letter"),
                told(event("error", 1, 0, 2, 3), 4, null, List.of(), List.of(attempt(1, 2, "error"))));
        assertEquals(
                List.of(
                        "0 received",
                        "2 queued then or before",
                        "3 attempt 1 failed for good",
                        "3 dead letter",
                        "9 replayed by a page",
                        "10 queued again",
                        "10 attempt 2 is under way"),
                told(
                        event("processing", 2, 1, 10, null),
                        11,
                        null,
                        List.of(new Replay(at(9), "a page")),
                        List.of(attempt(1, 2, "error"))));
    }

    @Test
    void what_is_to_come_stands_at_the_end() {
        assertEquals(
                List.of("0 received", "1 queued", "3 attempt 1 failed, to be tried again", "40 next try"),
                told(
                        event("queued", 1, 0, 2, null),
                        1,
                        new Waiting("later", null, at(40), "no 1", false, null),
                        List.of(),
                        List.of(attempt(1, 2, "retry"))));
    }

    @Test
    void where_a_replay_was_not_written_down_it_was_queued_again_all_the_same() {
        assertEquals(
                List.of("0 received", "3 attempt 1 failed for good", "3 dead letter", "8 queued again"),
                told(event("queued", 1, 1, 2, null), 8, null, List.of(), List.of(attempt(1, 2, "error"))));
    }

    @Test
    void attempts_that_used_up_no_try_are_told_before_the_next_that_did() {
        String why = ", no try used up: held back, done in part, or lost with the worker";
        assertEquals(
                List.of(
                        "0 received",
                        "1 queued",
                        "20 put off attempts 1 to 4" + why,
                        "21 attempt 5 failed, to be tried again",
                        "30 put off attempt 6" + why),
                told(event("queued", 6, 0, 30, null), 1, null, List.of(), List.of(attempt(5, 20, "retry"))));
        assertEquals(5, Timeline.uncounted(event("queued", 6, 0, 30, null), List.of(attempt(5, 20, "retry"))));
        assertEquals(
                List.of("0 received", "1 queued", "30 put off attempt 1" + why, "30 attempt 2 is under way"),
                told(event("processing", 2, 0, 30, null), 1, null, List.of(), List.of()));
        assertEquals(1, Timeline.uncounted(event("processing", 2, 0, 30, null), List.of()));
    }

    @Test
    void an_attempt_stands_where_it_ended_after_what_came_of_it() {
        Kept own = new Kept(new Answer("enrich_post", "local", "a-model", "{}"), at(4));
        Kept reused = new Kept(new Answer("moderate_comment", "local", "a-model", "{}"), at(1));
        Attempt attempt = new Attempt(1, at(2), at(14), "error", "no 1");
        assertEquals(
                List.of(
                        "0 received",
                        "1 queued",
                        "1 AI answered moderate_comment: local, a-model",
                        "4 AI answered enrich_post: local, a-model, 2000 ms after its attempt began",
                        "14 attempt 1 failed for good",
                        "14 dead letter"),
                told(event("error", 1, 0, 2, 14), 1, null, List.of(), List.of(attempt), List.of(own, reused)));
    }

    @Test
    void the_end_of_each_round_stays_after_a_replay() {
        assertEquals(
                List.of(
                        "0 received",
                        "2 queued then or before",
                        "3 attempt 1 succeeded",
                        "3 done",
                        "9 replayed by a page",
                        "10 queued again then or before",
                        "11 attempt 2 failed for good",
                        "11 dead letter",
                        "20 replayed by a page",
                        "21 queued again"),
                told(
                        event("queued", 2, 2, 10, null),
                        21,
                        null,
                        List.of(new Replay(at(9), "a page"), new Replay(at(20), "a page")),
                        List.of(attempt(1, 2, "done"), attempt(2, 10, "error"))));
    }
}
