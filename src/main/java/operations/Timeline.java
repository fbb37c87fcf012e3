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
        attempts.forEach(timeline::add);
        if (event.status().equals("processing")) {
            timeline.addAttempt(event.startedAt(), event.attempts(), "is under way");
        }
        answers.forEach(timeline::add);
        if (event.status().equals("done")) {
            if (event.callBack() != null) {
                timeline.add(event.finishedAt(), "called back", "WordPress answered: " + event.callBack());
            }
            timeline.add(event.finishedAt(), "done", null);
        } else {
            timeline.add(event.finishedAt(), "dead letter", null);
        }
        timeline.add(event.erasedAt(), "erased", null);
        if (waiting != null && waiting.in().equals("later")) {
            timeline.add(waiting.until(), "next try", null);
        }
        timeline.moments.sort(Comparator.comparing(moment -> (OffsetDateTime) moment.get("at")));
        return timeline.moments;
    }

    /**
     * When it was last put into the queue. A worker may have it before that is written down: then it was there when the
     * worker took it.
     */
    private void addQueued(Event event, OffsetDateTime dispatchedAt, List<Replay> replays, List<Attempt> attempts) {
        if (dispatchedAt == null) {
            return;
        }
        if (event.replays() > replays.size()) {
            add(dispatchedAt, "queued again", null); // By a relay that did not write down when it was replayed.
            return;
        }
        OffsetDateTime since = replays.stream()
                .map(Replay::at)
                .filter(at -> !at.isAfter(dispatchedAt))
                .reduce(event.receivedAt(), (one, next) -> next);
        OffsetDateTime at = Stream.concat(
                        attempts.stream().map(Attempt::startedAt), Stream.ofNullable(event.startedAt()))
                .filter(started -> !started.isBefore(since) && started.isBefore(dispatchedAt))
                .min(Comparator.naturalOrder())
                .orElse(dispatchedAt);
        add(at, since.equals(event.receivedAt()) ? "queued" : "queued again", null);
    }

    private void add(Attempt attempt) {
        String text =
                switch (attempt.outcome()) {
                    case "done" -> "succeeded";
                    case "retry" -> "failed, to be tried again";
                    default -> "failed for good";
                };
        Map<String, Object> moment = addAttempt(attempt.startedAt(), attempt.attempt(), text);
        moment.put("outcome", attempt.outcome());
        moment.put(
                "milliseconds",
                Duration.between(attempt.startedAt(), attempt.finishedAt()).toMillis());
        moment.put("error", attempt.error());
    }

    private Map<String, Object> addAttempt(OffsetDateTime at, int number, String text) {
        Map<String, Object> moment = add(at, "attempt", text);
        moment.put("attempt", number);
        return moment;
    }

    private void add(Kept kept) {
        if (kept.isOfModel()) {
            String text = kept.answer().task() + ": " + kept.answer().provider() + ", "
                    + kept.answer().model();
            add(kept.answeredAt(), "AI answered", text);
        } else {
            add(kept.answeredAt(), "CRM told", null);
        }
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
