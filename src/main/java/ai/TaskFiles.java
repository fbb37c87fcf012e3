package ai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import events.PermanentFailure;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a task says and what it must answer, as files: {@code prompts/<task>.md} and {@code schemas/ai/<task>.json}.
 *
 * @param name letters, digits and underscores
 * @param instructions what the model is told
 * @param fields the fields of the event that the model gets to see
 * @param characters the most that it sees of one field
 * @param definition the JSON Schema (2020-12) of the answer
 * @param schema the same, ready to validate
 */
record TaskFiles(
        String name, String instructions, List<String> fields, int characters, JsonNode definition, Schema schema) {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,63}");
    private static final Pattern PROMPT =
            Pattern.compile("---\\nfields: (.+)\\ncharacters: (\\d+)\\n---\\n(.+)", Pattern.DOTALL);
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private static final Map<String, TaskFiles> READ = new ConcurrentHashMap<>();

    /**
     * The files of a task.
     *
     * @throws PermanentFailure when the name cannot be one of a task, a file is missing or not in its form
     */
    static TaskFiles of(String task) {
        if (task == null || !NAME.matcher(task).matches()) {
            throw new PermanentFailure("Not the name of a task (header RelayAiTask): " + task);
        }
        return READ.computeIfAbsent(task, TaskFiles::read);
    }

    private static TaskFiles read(String task) {
        Matcher prompt = PROMPT.matcher(Resource.text("/prompts/" + task + ".md"));
        if (!prompt.matches()) {
            throw new PermanentFailure(
                    "prompts/" + task + ".md has to begin with \"---\", \"fields: …\", \"characters: …\", \"---\"");
        }
        String schema = Resource.text("/schemas/ai/" + task + ".json");
        return new TaskFiles(
                task,
                prompt.group(3).strip(),
                Arrays.asList(prompt.group(1).split(",\\s*")),
                Integer.parseInt(prompt.group(2)),
                json(task, schema),
                SCHEMAS.getSchema(schema));
    }

    private static JsonNode json(String task, String schema) {
        try {
            return new ObjectMapper().readTree(schema);
        } catch (JsonProcessingException e) {
            throw new PermanentFailure("schemas/ai/" + task + ".json is not JSON: " + e.getMessage());
        }
    }
}
