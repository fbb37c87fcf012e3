package upgrade;

import events.EventLog;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import routes.Samples;

/** One event in each state that an event can be in when its relay is stopped for an upgrade. */
final class OldEvents {
    private static final String LONG_AGO = "CURRENT_TIMESTAMP - INTERVAL '1' HOUR";
    private static final String IN_A_DAY = "CURRENT_TIMESTAMP + INTERVAL '1' DAY";
    private static final String VERDICT = "'{\"verdict\":\"hold\",\"confidence\":0.5,\"reason\":\"of an old relay\"}'";

    private final OldTables tables;
    private final Map<String, UUID> ids = new LinkedHashMap<>();

    OldEvents(OldTables tables) {
        this.tables = tables;
    }

    void write() {
        comment("waits-in-outbox", "queued", Map.of());
        comment("waits-in-queue", "queued", Map.of("dispatched_at", LONG_AGO));
        comment(
                "in-hand",
                "processing",
                Map.of("dispatched_at", LONG_AGO, "started_at", LONG_AGO, "attempts", "1", "unended", "1"));
        comment(
                "waits-for-retry",
                "queued",
                Map.of("dispatched_at", LONG_AGO, "attempts", "1", "retries", "1", "due_at", LONG_AGO));
        attempt("waits-for-retry", "retry");
        comment("done", "done", ended("'{\"verdict\":\"hold\"}'", "NULL"));
        comment("dead", "error", ended("NULL", "'WordPress answered 404'"));
        attempt("dead", "error");
        tables.row("relay_answer", answer(ids.get("dead")));
        batch();
        tables.row(
                "relay_pause",
                Map.of(
                        "site",
                        "'paused'",
                        "reason",
                        "'answered 401'",
                        "paused_at",
                        LONG_AGO,
                        "paused_until",
                        IN_A_DAY));
        tables.row(
                "relay_site_sequence",
                Map.of("site", "'default'", "first_number", "1", "last_number", "17", "since", LONG_AGO));
    }

    UUID id(String key) {
        return ids.get(key);
    }

    Map<String, UUID> all() {
        return ids;
    }

    private void comment(String key, String status, Map<String, String> columns) {
        write(key, "comment.created", Samples.comment(key, "Hello").toString(), status, columns);
    }

    private void write(String key, String event, String payload, String status, Map<String, String> columns) {
        ids.put(key, EventLog.nextId());
        Map<String, String> all = new LinkedHashMap<>(columns);
        all.put("status", "'" + status + "'");
        tables.event(ids.get(key), key, event, payload, all);
    }

    /** Of which the first item is done, where batches were known. */
    private void batch() {
        String payload = """
                {"event":"batch.requested","idempotency_key":"half-done","site":"https://example.org",\
                "task":"moderate_comments","ids":[11,12]}""";
        write("half-done", "batch.requested", payload, "queued", Map.of("attempts", "1"));
        for (int item = 11; item <= 12; item++) {
            boolean isDone = item == 11;
            tables.row(
                    "relay_batch_item",
                    Map.of(
                            "event_id",
                            "'" + ids.get("half-done") + "'",
                            "item",
                            Integer.toString(item),
                            "place",
                            Integer.toString(item - 10),
                            "outcome",
                            isDone ? "'done'" : "NULL",
                            "replays",
                            "0",
                            "ended_at",
                            isDone ? LONG_AGO : "NULL"));
        }
    }

    private static Map<String, String> ended(String result, String error) {
        return Map.of(
                "dispatched_at", LONG_AGO,
                "started_at", LONG_AGO,
                "finished_at", LONG_AGO,
                "attempts", "1",
                "result", result,
                "error", error);
    }

    private void attempt(String key, String outcome) {
        tables.row(
                "relay_attempt",
                Map.of(
                        "event_id",
                        "'" + ids.get(key) + "'",
                        "attempt",
                        "1",
                        "started_at",
                        LONG_AGO,
                        "finished_at",
                        LONG_AGO,
                        "outcome",
                        "'" + outcome + "'",
                        "error",
                        "'WordPress was away'"));
    }

    private static Map<String, String> answer(UUID event) {
        return Map.of(
                "event_id",
                "'" + event + "'",
                "task",
                "'moderate_comment'",
                "provider",
                "'local'",
                "model",
                "'a model'",
                "answer",
                VERDICT,
                "answered_at",
                LONG_AGO);
    }
}
