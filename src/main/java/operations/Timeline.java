package operations;

import events.AnswerLog.Kept;
import events.Attempt;
import events.Event;
import events.EventTrail;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What happened to an event, in order: each with {@code at}, {@code what}, and where there is one, a {@code text}. */
final class Timeline {
    private final List<Map<String, Object>> moments = new ArrayList<>();

    private Timeline() {}

    static List<Map<String, Object>> of(
            Event event, EventTrail.Place place, List<Attempt> attempts, List<Kept> answers) {
        Timeline timeline = new Timeline();
        timeline.add(event.receivedAt(), "received", null);
        timeline.add(
                queuedAt(event, place, attempts), event.replays() == 0 ? "queued" : "queued again", replays(event));
        attempts.forEach(timeline::add);
        answers.forEach(timeline::add);
        if (event.status().equals("processing")) {
            timeline.add(event.startedAt(), "attempt", "attempt " + event.attempts() + " is under way");
        }
        if (event.callBack() != null) {
            timeline.add(event.finishedAt(), "called back", "WordPress: " + event.callBack());
        }
        timeline.add(event.finishedAt(), event.status().equals("done") ? "done" : "dead letter", null);
        timeline.add(event.erasedAt(), "erased", null);
        if (event.status().equals("queued")) {
            timeline.add(place.dueAt(), "next try", event.error());
        }
        timeline.moments.sort(Comparator.comparing(moment -> (OffsetDateTime) moment.get("at")));
        return timeline.moments;
    }

    /** A worker may have it before that is written down: then it was in the queue when the worker took it. */
    private static OffsetDateTime queuedAt(Event event, EventTrail.Place place, List<Attempt> attempts) {
        OffsetDateTime first = attempts.isEmpty() ? null : attempts.get(0).startedAt();
        return event.replays() == 0
                        && first != null
                        && place.dispatchedAt() != null
                        && first.isBefore(place.dispatchedAt())
                ? first
                : place.dispatchedAt();
    }

    private static String replays(Event event) {
        return event.replays() == 0
                ? null
                : "put back " + event.replays() + (event.replays() == 1 ? " time" : " times");
    }

    private void add(Attempt attempt) {
        String text = "attempt " + attempt.attempt() + ", "
                + Duration.between(attempt.startedAt(), attempt.finishedAt()).toMillis() + " ms: " + attempt.outcome();
        add(attempt.startedAt(), "attempt", attempt.error() == null ? text : text + ": " + attempt.error());
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

    private void add(OffsetDateTime at, String what, String text) {
        if (at != null) {
            Map<String, Object> moment = new LinkedHashMap<>();
            moment.put("at", at);
            moment.put("what", what);
            moment.put("text", text);
            moments.add(moment);
        }
    }
}
