package pages;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One event as its page shows it: nothing but what {@code GET /events/{key}} answers a program.
 *
 * @param description that answer
 * @param isReplayed whether it was replayed a moment ago, on a page of ours
 */
public record EventView(JsonNode description, boolean isReplayed) {
    private static final ObjectMapper PRETTY =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** What stands on one screen. */
    private static final int MOST_LINES = 40;

    private static final int KIB = 1024;

    /**
     * Something that is JSON.
     *
     * @param text indented
     */
    public record Document(String title, String text) {
        public boolean isLong() {
            return text.lines().count() > MOST_LINES;
        }

        public String size() {
            int bytes = text.getBytes(StandardCharsets.UTF_8).length;
            return text.lines().count() + " lines, " + (bytes < KIB ? bytes + " bytes" : bytes / KIB + " KiB");
        }
    }

    /** Empty when there is none. */
    public String text(String field) {
        JsonNode value = description.path(field);
        return value.isNull() ? "" : value.asText();
    }

    public long number(String field) {
        return description.path(field).asLong();
    }

    /** Null when there is none. */
    public OffsetDateTime moment(String field) {
        return moment(description, field);
    }

    static OffsetDateTime moment(JsonNode node, String field) {
        String text = node.path(field).asText("");
        return text.isEmpty() || text.equals("null") ? null : OffsetDateTime.parse(text);
    }

    public String address() {
        return EventList.at(text("site"), text("key"));
    }

    public boolean isErased() {
        return !text("erased_at").isEmpty();
    }

    public boolean isDead() {
        return text("status").equals("error");
    }

    public boolean isWaiting() {
        return text("status").equals("queued") || text("status").equals("processing");
    }

    /** How it comes that it is not done yet. */
    public String waiting() {
        return Waiting.sentence(description.path("waits"));
    }

    /** When it goes on, or null. */
    public OffsetDateTime due() {
        return moment(description.path("waits"), "until");
    }

    public boolean isHeldBack() {
        return description.at("/waits/held_back").asBoolean();
    }

    /** Whether call-backs to its site are paused while it waits. */
    public boolean isPaused() {
        return description.at("/waits/pause").isObject();
    }

    /** Whether nothing else keeps it from going on. */
    public boolean isHeldByPause() {
        return Waiting.isOfPause(description.path("waits"));
    }

    public boolean isPausedByHand() {
        return description.at("/waits/pause/by_hand").asBoolean();
    }

    /** Of a pause by hand its end, or null. */
    public OffsetDateTime pausedUntil() {
        return moment(description.at("/waits/pause"), "until");
    }

    public String pauseReason() {
        return description.at("/waits/pause/reason").asText();
    }

    /** Which try is next, and what comes of the last one; or empty. */
    public String tries(Times times) {
        return Waiting.tries(description.path("tries"), times);
    }

    public long asked() {
        return description.at("/usage/requests").asLong();
    }

    public String usage() {
        JsonNode usage = description.path("usage");
        String requests = asked() == 1 ? "1 request" : asked() + " requests";
        return requests + ", " + usage.path("tokens_in").asLong() + " tokens in, "
                + usage.path("tokens_out").asLong() + " out, cost "
                + usage.path("cost").decimalValue().stripTrailingZeros().toPlainString();
    }

    /** By what it is found elsewhere. */
    public Map<String, String> ids() {
        Map<String, String> ids = new LinkedHashMap<>();
        ids.put("Id", text("id"));
        ids.put("Request id", text("request_id"));
        ids.put("Trace id", text("trace_id"));
        ids.values().removeIf(String::isEmpty);
        return ids;
    }

    public static String anchor(String name) {
        return name.toLowerCase(java.util.Locale.ROOT).replace(' ', '-');
    }

    public List<Step> timeline() {
        List<Step> steps = new ArrayList<>();
        description.path("timeline").forEach(moment -> steps.add(Step.of(moment)));
        return steps;
    }

    public List<Document> documents() {
        List<Document> documents = new ArrayList<>();
        JsonNode result = description.path("result");
        String resultTitle = "Result";
        for (JsonNode answer : description.path("answers")) {
            String title = "AI’s answer: " + answer.path("task").asText();
            if (answer.path("answer").equals(result)) {
                resultTitle = "Result, the " + title;
            } else {
                add(documents, title, answer.path("answer"));
            }
        }
        List<Document> first = new ArrayList<>();
        add(first, resultTitle, result);
        documents.addAll(0, first);
        JsonNode failures = description.at("/batch/failures");
        if (!failures.isEmpty()) {
            add(documents, "What failed of the batch", failures);
        }
        if (!isErased()) {
            add(documents, "Payload", description.path("payload"));
        }
        return documents;
    }

    private static void add(List<Document> documents, String title, JsonNode content) {
        if (!content.isNull() && !content.isMissingNode()) {
            documents.add(new Document(title, pretty(content)));
        }
    }

    private static String pretty(JsonNode content) {
        try {
            return PRETTY.writeValueAsString(content);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was read as JSON can be written as JSON", e);
        }
    }

    /** How far a batch is; null when it is none. */
    public String batch() {
        JsonNode batch = description.path("batch");
        return batch.isObject()
                ? batch.path("done").asLong() + " of " + batch.path("total").asLong() + " done, "
                        + batch.path("failed").asLong() + " failed"
                : null;
    }
}
