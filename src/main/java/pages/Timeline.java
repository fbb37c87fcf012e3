package pages;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import pages.EventView.Step;

/** What happened to an event, the earliest first; at its end what is to come. */
final class Timeline {
    private static final String NONE = "";

    private final EventView event;
    private final List<Step> steps = new ArrayList<>();

    private Timeline(EventView event) {
        this.event = event;
    }

    static List<Step> of(EventView event) {
        return new Timeline(event).steps();
    }

    private List<Step> steps() {
        at("received", "Received", "received_at", NONE);
        at(
                "sent",
                event.number("replays") == 0 ? "Put into the queue" : "Put into the queue again",
                "dispatched_at",
                NONE);
        event.description().path("history").forEach(this::attempt);
        event.description().path("answers").forEach(this::answer);
        event.description().path("timeline").forEach(this::toldCrm);
        steps.sort(Comparator.comparing(Step::at, Comparator.nullsFirst(Comparator.naturalOrder())));
        end();
        return steps;
    }

    private void at(String kind, String what, String field, String detail) {
        OffsetDateTime at = event.moment(field);
        if (at != null) {
            steps.add(new Step(kind, what, at, NONE, detail, NONE));
        }
    }

    private void attempt(JsonNode attempt) {
        String outcome = attempt.path("outcome").asText();
        String result =
                switch (outcome) {
                    case "done" -> "succeeded";
                    case "retry" -> "failed, to be tried again";
                    case "error" -> "failed for good";
                    default -> outcome;
                };
        steps.add(new Step(
                outcome,
                "Attempt " + attempt.path("attempt").asText() + " " + result,
                EventView.moment(attempt, "started_at"),
                Times.span(attempt.path("milliseconds").asDouble()),
                NONE,
                attempt.path("error").isNull() ? NONE : attempt.path("error").asText()));
    }

    private void answer(JsonNode answer) {
        OffsetDateTime at = EventView.moment(answer, "answered_at");
        if (at != null) {
            String who = answer.path("provider").asText() + ", "
                    + answer.path("model").asText();
            steps.add(new Step("answer", "AI answered: " + answer.path("task").asText(), at, NONE, who, NONE));
        }
    }

    private void toldCrm(JsonNode moment) {
        if (moment.path("what").asText().equals("CRM told")) {
            steps.add(new Step("sent", "CRM told", EventView.moment(moment, "at"), NONE, NONE, NONE));
        }
    }

    private void end() {
        OffsetDateTime finished = event.moment("finished_at");
        if (!event.text("call_back").isEmpty()) {
            steps.add(new Step("sent", "WordPress answered: " + event.text("call_back"), finished, NONE, NONE, NONE));
        }
        if (finished != null) {
            steps.add(new Step(
                    event.text("status"), event.isDead() ? "Dead letter" : "Done", finished, NONE, NONE, NONE));
        } else {
            steps.add(new Step("queued", "Waits", event.due(), NONE, event.waiting(), NONE));
        }
        at("queued", "Erased", "erased_at", NONE);
    }
}
