package operations;

import events.AnswerLog.Kept;
import events.Attempt;
import events.Event;
import events.EventTrail.Place;
import events.EventTrail.Waiting;
import events.Replay;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What happened to an event, and what will, in order: each with {@code at}, {@code what} and a {@code text} (or null), and
 * an attempt with its number, how it ended, how long that took and its error.
 */
final class Timeline {
    private final List<Map<String, Object>> moments = new ArrayList<>();

    private Timeline() {}

    static List<Map<String, Object>> of(
            Event event,
            Place place,
            Waiting waiting,
            List<Replay> replays,
            List<Attempt> attempts,
            List<Kept> answers) {
        Timeline timeline = new Timeline();
        timeline.add(event.receivedAt(), "received", null);
        replays.forEach(replay -> timeline.add(replay.at(), "replayed", "by " + replay.by()));
        timeline.addQueued(event, place.dispatchedAt(), replays, attempts);
        timeline.addUncounted(event, attempts);
        if (event.status().equals("processing")) {
            timeline.addAttempt(event.startedAt(), event.attempts(), "is under way");
        }
        answers.forEach(kept -> timeline.add(kept, event, attempts));
        if (event.status().equals("done") && event.callBack() != null) {
            timeline.add(event.finishedAt(), "called back", "WordPress answered: " + event.callBack());
        }
        attempts.forEach(timeline::add);
        if (attempts.stream().noneMatch(attempt -> attempt.outcome().equals(event.status()))) {
            timeline.add(event.finishedAt(), event.status().equals("done") ? "done" : "dead letter", null);
        }
        timeline.add(event.erasedAt(), "erased", null);
        if (waiting != null && waiting.in().equals("later")) {
            timeline.add(waiting.until(), "next try", null);
        }
        timeline.moments.sort(Comparator.comparing(moment -> (OffsetDateTime) moment.get("at")));
        return timeline.moments;
    }

    /** How many attempts have come to no end of their own: each was held back, did a part, or was lost with its worker. */
    static int uncounted(Event event, List<Attempt> attempts) {
        return Math.max(0, begun(event) - attempts.size());
    }

    /** How many attempts there were, without the one that is under way. */
    private static int begun(Event event) {
        return event.attempts() - (event.status().equals("processing") ? 1 : 0);
    }

    /** When it was put into the queue: once after it was received and once after each replay. */
    private void addQueued(Event event, OffsetDateTime dispatchedAt, List<Replay> replays, List<Attempt> attempts) {
        if (event.replays() > replays.size()) {
            add(dispatchedAt, "queued again", null); // By a relay that did not write down when it was replayed.
            return;
        }
        List<OffsetDateTime> started = Stream.concat(
                        attempts.stream().map(Attempt::startedAt), Stream.ofNullable(event.startedAt()))
                .sorted()
                .toList();
        OffsetDateTime since = event.receivedAt();
        for (int round = 0; round <= replays.size(); round++) {
            OffsetDateTime until = round < replays.size() ? replays.get(round).at() : OffsetDateTime.MAX;
            addQueued(
                    round == 0 ? "queued" : "queued again",
                    dispatchedAt,
                    firstWithin(started, since, until),
                    since,
                    until);
            since = until;
        }
    }

    /**
     * A worker may have it before the time is written down, and the next replay takes that time away: it was there when
     * the worker took it.
     *
     * @param dispatchedAt when it was put there last, or null
     * @param taken when a worker took it first between the two times, or null
     */
    private void addQueued(
            String what,
            OffsetDateTime dispatchedAt,
            OffsetDateTime taken,
            OffsetDateTime since,
            OffsetDateTime until) {
        if (dispatchedAt == null || !dispatchedAt.isBefore(until)) {
            add(taken, what, "then or before");
        } else if (!dispatchedAt.isBefore(since)) {
            add(taken != null && taken.isBefore(dispatchedAt) ? taken : dispatchedAt, what, null);
        }
    }

    private static OffsetDateTime firstWithin(List<OffsetDateTime> times, OffsetDateTime since, OffsetDateTime until) {
        return times.stream()
                .filter(time -> !time.isBefore(since) && time.isBefore(until))
                .findFirst()
                .orElse(null);
    }

    /** Attempts of which nothing is written down but that they were: where the next one begins, or the last of them. */
    private void addUncounted(Event event, List<Attempt> attempts) {
        int next = 1;
        for (Attempt attempt : attempts) {
            addUncounted(attempt.startedAt(), next, attempt.attempt() - 1);
            next = attempt.attempt() + 1;
        }
        if (event.status().equals("queued") || event.status().equals("processing")) {
            addUncounted(event.startedAt(), next, begun(event));
        }
    }

    private void addUncounted(OffsetDateTime at, int first, int last) {
        if (first <= last) {
            String which = first == last ? "attempt " + first : "attempts " + first + " to " + last;
            add(at, "put off", which + ", no try used up: held back, done in part, or lost with the worker");
        }
    }

    /** At its end, before that of the event. */
    private void add(Attempt attempt) {
        String text =
                switch (attempt.outcome()) {
                    case "done" -> "succeeded";
                    case "retry" -> "failed, to be tried again";
                    default -> "failed for good";
                };
        Map<String, Object> moment = addAttempt(attempt.finishedAt(), attempt.attempt(), text);
        moment.put("outcome", attempt.outcome());
        moment.put(
                "milliseconds",
                Duration.between(attempt.startedAt(), attempt.finishedAt()).toMillis());
        moment.put("error", attempt.error());
        if (!attempt.outcome().equals("retry")) {
            add(attempt.finishedAt(), attempt.outcome().equals("done") ? "done" : "dead letter", null);
        }
    }

    private Map<String, Object> addAttempt(OffsetDateTime at, int number, String text) {
        Map<String, Object> moment = add(at, "attempt", text);
        moment.put("attempt", number);
        return moment;
    }

    private void add(Kept kept, Event event, List<Attempt> attempts) {
        if (kept.isOfModel()) {
            String text = kept.answer().task() + ": " + kept.answer().provider() + ", "
                    + kept.answer().model();
            add(kept.answeredAt(), "AI answered", text + sinceItsAttemptBegan(kept.answeredAt(), event, attempts));
        } else {
            add(kept.answeredAt(), "CRM told", null);
        }
    }

    /** Empty for an answer that was given for another event, or in an attempt of which nothing is written down. */
    private static String sinceItsAttemptBegan(OffsetDateTime at, Event event, List<Attempt> attempts) {
        Stream<OffsetDateTime> ended = attempts.stream()
                .filter(attempt -> !at.isAfter(attempt.finishedAt()))
                .map(Attempt::startedAt);
        Stream<OffsetDateTime> underWay =
                event.status().equals("processing") ? Stream.ofNullable(event.startedAt()) : Stream.empty();
        return Stream.concat(ended, underWay)
                .filter(began -> !began.isAfter(at))
                .max(Comparator.naturalOrder())
                .map(began -> ", " + Duration.between(began, at).toMillis() + " ms after its attempt began")
                .orElse("");
    }

    private Map<String, Object> add(OffsetDateTime at, String what, String text) {
        Map<String, Object> moment = new LinkedHashMap<>();
        if (at != null) {
            moment.put("at", at);
            moment.put("what", what);
            moment.put("text", text);
            moments.add(moment);
        }
        return moment;
    }
}
