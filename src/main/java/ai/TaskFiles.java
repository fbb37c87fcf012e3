package ai;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import text.JsonSchema;

/**
 * What a task says and what it must answer, as files: {@code prompts/<task>.md} and {@code schemas/ai/<task>.json}.
 *
 * @param name letters, digits and underscores
 * @param instructions what the model is told
 * @param fields the fields of the event that the model gets to see
 * @param characters the most that it sees of one field
 * @param together about how many events a model may be asked in one request, 1 unless the prompt says more
 * @param definition the JSON Schema (2020-12) of the answer
 * @param schema the same, ready to validate
 */
record TaskFiles(
        String name,
        String instructions,
        List<String> fields,
        int characters,
        int together,
        JsonNode definition,
        Schema schema) {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,63}");
    private static final Pattern PROMPT = Pattern.compile(
            "---\\nfields: (.+)\\ncharacters: (\\d{1,7})\\n(?:together: ([1-9]|1\\d|20)\\n)?---\\n(.+)",
            Pattern.DOTALL);
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    static boolean isName(String task) {
        return task != null && NAME.matcher(task).matches();
    }

    /** Where the prompt of a task is. */
    static String promptFile(String task) {
        return "prompts/" + task + ".md";
    }

    /** Where the schema of its answer is. */
    static String schemaFile(String task) {
        return "schemas/ai/" + task + ".json";
    }

    /**
     * @param prompt the text of {@link #promptFile}
     * @param schema the text of {@link #schemaFile}
     * @throws IOException when one is not in its form, with what is wrong in one line
     */
    static TaskFiles parse(String task, String prompt, String schema) throws IOException {
        Matcher parts = PROMPT.matcher(prompt);
        if (!parts.matches()) {
            throw new IOException(promptFile(task) + " has to begin with \"---\", \"fields: …\", \"characters: …\","
                    + " if wanted \"together: …\" (1 to 20), \"---\"");
        }
        return new TaskFiles(
                task,
                parts.group(4).strip(),
                Arrays.asList(parts.group(1).split(",\\s*")),
                Integer.parseInt(parts.group(2)),
                parts.group(3) == null ? 1 : Integer.parseInt(parts.group(3)),
                definition(task, schema),
                SCHEMAS.getSchema(schema));
    }

    private static JsonNode definition(String task, String schema) throws IOException {
        try {
            JsonNode definition = JsonSchema.of(schema).definition();
            if (definition.path("properties").isEmpty()) {
                throw new IOException("it has no properties, and an answer is an object with some");
            }
            return definition;
        } catch (IOException e) {
            throw new IOException(schemaFile(task) + ": " + e.getMessage(), e);
        }
    }
}
