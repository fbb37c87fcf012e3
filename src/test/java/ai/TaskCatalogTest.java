package ai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import automations.LogLines;
import automations.Source;
import events.HeldBack;
import events.PermanentFailure;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tasks of the user's own over those of the relay. */
class TaskCatalogTest {
    private static final String PROMPT = "---\nfields: a, b\ncharacters: 10\n---\nDo it.\n";
    private static final String SCHEMA = "{\"type\":\"object\",\"properties\":{\"x\":{\"type\":\"string\"}}}";

    private final TaskCatalog tasks = new TaskCatalog();

    private void take(boolean isStart, String... files) {
        Map<String, Source> sources = new TreeMap<>();
        for (int i = 0; i < files.length; i += 2) {
            sources.put(files[i], new Source(files[i + 1], null));
        }
        tasks.replaceOwn(sources, isStart);
    }

    @Test
    void two_files_are_a_task_as_long_as_they_are_there() {
        assertThrows(PermanentFailure.class, () -> tasks.of("do_it"));
        take(false, "prompts/do_it.md", PROMPT, "schemas/ai/do_it.json", SCHEMA);
        assertEquals("Do it.", tasks.of("do_it").instructions());
        take(false);
        assertTrue(assertThrows(PermanentFailure.class, () -> tasks.of("do_it"))
                .getMessage()
                .contains("prompts/do_it.md is neither in RELAY_AUTOMATIONS_DIR nor a part of the relay"));
    }

    @Test
    void one_file_replaces_that_of_the_relays_and_the_other_stays() {
        TaskFiles before = tasks.of("moderate_comment");
        take(false, "prompts/moderate_comment.md", PROMPT);
        assertEquals("Do it.", tasks.of("moderate_comment").instructions());
        assertEquals(before.definition(), tasks.of("moderate_comment").definition());
        take(false, "schemas/ai/moderate_comment.json", SCHEMA);
        assertEquals(before.instructions(), tasks.of("moderate_comment").instructions());
        assertTrue(tasks.of("moderate_comment").definition().at("/properties").has("x"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "prompts/do_it.md         | schemas/ai/do_it.json is missing; a task has a prompt and a schema",
                "schemas/ai/do_it.json    | prompts/do_it.md is missing; a task has a prompt and a schema",
                "prompts/Do-it.md         | 'Do-it' is no name of a task",
            })
    void half_a_task_is_told_and_left_out(String file, String problem) {
        try (LogLines log = new LogLines()) {
            take(false, file, file.endsWith(".md") ? PROMPT : SCHEMA);
            assertEquals(1, log.errors().size());
            assertTrue(log.errors().get(0).endsWith("cannot be used, and it is left out: " + problem)
                    || log.errors().get(0).contains(problem));
        }
    }

    @Test
    void a_broken_one_keeps_the_old_and_one_that_is_broken_at_the_start_waits() {
        take(false, "prompts/do_it.md", PROMPT, "schemas/ai/do_it.json", SCHEMA);
        take(false, "prompts/do_it.md", "no head", "schemas/ai/do_it.json", SCHEMA);
        assertEquals("Do it.", tasks.of("do_it").instructions());
        take(false, "prompts/do_it.md", PROMPT, "schemas/ai/do_it.json", "{\"type\":\"object\"}");
        assertTrue(tasks.of("do_it").definition().at("/properties").has("x"));

        take(true, "prompts/moderate_comment.md", "no head");
        assertThrows(HeldBack.class, () -> tasks.of("moderate_comment"));
        take(false, "prompts/moderate_comment.md", PROMPT);
        assertEquals("Do it.", tasks.of("moderate_comment").instructions());
    }
}
