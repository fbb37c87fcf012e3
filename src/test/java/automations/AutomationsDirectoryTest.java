package automations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AutomationsDirectoryTest {
    @TempDir
    Path directory;

    private Map<String, Source> read() throws IOException {
        return new AutomationsDirectory(directory).read().orElseThrow();
    }

    private void write(String name, String text) throws IOException {
        Files.createDirectories(directory.resolve(name).getParent());
        Files.writeString(directory.resolve(name), text);
    }

    @Test
    void a_directory_that_is_not_there_is_no_error() throws IOException {
        assertEquals(Optional.empty(), new AutomationsDirectory(directory.resolve("none")).read());
    }

    @Test
    void a_file_in_its_place_is_one() throws IOException {
        write("file", "");
        assertThrows(IOException.class, () -> new AutomationsDirectory(directory.resolve("file")).read());
    }

    @Test
    void only_files_that_are_meant_are_read() throws IOException {
        for (String name : new String[] {
            "a.camel.yaml",
            ".b.camel.yaml",
            ".camel.yaml",
            "c.yaml",
            "a.camel.yaml~",
            "deeper/d.camel.yaml",
            "prompts/t.md",
            "prompts/t.txt",
            "schemas/a.b.json",
            "schemas/ai/t.json",
            "schemas/ai/deeper/t.json"
        }) {
            write(name, name);
        }
        Files.createDirectory(directory.resolve("folder.camel.yaml"));
        assertEquals(Set.of("a.camel.yaml", "prompts/t.md", "schemas/a.b.json", "schemas/ai/t.json"), read().keySet());
    }

    @Test
    void a_text_from_windows_is_as_any_other() throws IOException {
        write("prompts/t.md", "\uFEFFone\r\ntwo");
        assertEquals(Source.of("one\ntwo"), read().get("prompts/t.md"));
    }

    @Test
    void what_cannot_be_read_says_why() throws IOException {
        Files.write(directory.resolve("a.camel.yaml"), new byte[] {'a', (byte) 0xff});
        Files.write(directory.resolve("b.camel.yaml"), new byte[(1 << 20) + 1]);
        assertEquals("it is not UTF-8", read().get("a.camel.yaml").problem());
        assertEquals(
                "it is longer than 1048576 bytes", read().get("b.camel.yaml").problem());
    }
}
