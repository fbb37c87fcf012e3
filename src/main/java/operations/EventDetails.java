package operations;

import ai.UsageLog;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import events.Answer;
import events.AnswerLog;
import events.AnswerLog.Kept;
import events.Attempt;
import events.BatchItems;
import events.Event;
import events.EventLog;
import events.EventTrail;
import events.RetryDelays;
import ingress.EventStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All there is to say of one event, as {@code GET /events/{key}} answers it; the page shows the same. */
public final class EventDetails {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_FAILURES = 50;

    private final EventLog eventLog;
    private final EventTrail trail;
    private final AnswerLog answers;
    private final UsageLog usage;
    private final BatchItems items;
    private final RetryDelays delays;

    public EventDetails(
            EventLog eventLog,
            EventTrail trail,
            AnswerLog answers,
            UsageLog usage,
            BatchItems items,
            RetryDelays delays) {
        this.eventLog = eventLog;
        this.trail = trail;
        this.answers = answers;
        this.usage = usage;
        this.items = items;
        this.delays = delays;
    }

    /** @return by the names that openapi.yaml has for them; times are {@code OffsetDateTime} */
    public Map<String, Object> describe(Event event) throws JsonProcessingException {
        EventTrail.Place place = trail.place(event.id());
        List<Attempt> attempts = eventLog.attempts(event.id());
        EventTrail.Waiting waiting = trail.waiting(event, place, attempts);
        List<Kept> kept = answers.ofEvent(event.id());
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("key", event.key());
        details.put("site", event.site());
        details.putAll(EventStatus.of(event));
        details.put("erased_at", event.erasedAt());
        details.put("call_back", event.callBack());
        details.put("request_id", event.requestId());
        details.put("traceparent", event.traceparent());
        details.put("trace_id", event.traceId());
        details.put("replays", event.replays());
        details.put("dispatched_at", place.dispatchedAt());
        details.put("waits", waits(waiting));
        details.put("tries", waiting == null ? null : tries(event, waiting));
        details.put("uncounted", Timeline.uncounted(event, attempts));
        details.put(
                "answers",
                kept.stream().filter(Kept::isOfModel).map(EventDetails::answer).toList());
        details.put("usage", UsageApi.describe(usage.of(event.id())));
        details.put("history", attempts.stream().map(EventDetails::attempt).toList());
        details.put("timeline", Timeline.of(event, place, waiting, trail.replays(event.id()), attempts, kept));
        details.put("batch", event.event().equals(BatchItems.EVENT) ? batch(event) : null);
        details.put("payload", JSON.readTree(new String(event.payload(), StandardCharsets.UTF_8)));
        return details;
    }

    private static Map<String, Object> waits(EventTrail.Waiting waiting) {
        if (waiting == null) {
            return null;
        }
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("in", waiting.in());
        line.put("since", waiting.since());
        line.put("until", waiting.until());
        line.put("reason", waiting.reason());
        line.put("held_back", waiting.isHeldBack());
        line.put("pause", pause(waiting.pause()));
        return line;
    }

    private static Map<String, Object> pause(EventTrail.Pause pause) {
        if (pause == null) {
            return null;
        }
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("since", pause.since());
        line.put("until", pause.until());
        line.put("by_hand", pause.byHand());
        line.put("reason", pause.reason());
        return line;
    }

    /** Which try the present one is, or the next. */
    private Map<String, Object> tries(Event event, EventTrail.Waiting waiting) {
        boolean isDue = waiting.in().equals("later") && !waiting.isHeldBack();
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("number", event.retries() + 1);
        line.put("most", Math.max(delays.tries(), event.retries() + 1));
        line.put("last_at", isDue ? waiting.until().plus(delays.after(event.retries())) : null);
        return line;
    }

    private static Map<String, Object> answer(Kept kept) {
        Answer answer = kept.answer();
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("task", answer.task());
        line.put("provider", answer.provider());
        line.put("model", answer.model());
        line.put("answered_at", kept.answeredAt());
        line.put("answer", read(answer.answer()));
        return line;
    }

    private static Object read(String answer) {
        try {
            return JSON.readTree(answer);
        } catch (JsonProcessingException e) {
            return answer;
        }
    }

    private static Map<String, Object> attempt(Attempt attempt) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("attempt", attempt.attempt());
        line.put("started_at", attempt.startedAt());
        line.put(
                "milliseconds",
                Duration.between(attempt.startedAt(), attempt.finishedAt()).toMillis());
        line.put("outcome", attempt.outcome());
        line.put("error", attempt.error());
        return line;
    }

    private Map<String, Object> batch(Event event) {
        BatchItems.Progress progress = items.progress(event.id());
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("done", progress.done());
        line.put("failed", progress.failed());
        line.put("total", progress.total());
        line.put(
                "failures",
                items.failures(event.id(), MOST_FAILURES).stream()
                        .map(EventDetails::failure)
                        .toList());
        return line;
    }

    private static Map<String, Object> failure(BatchItems.Failure failure) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("id", failure.id());
        line.put("reason", failure.reason());
        return line;
    }
}
