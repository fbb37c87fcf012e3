package evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.LabelledComment;
import evaluation.Dataset.Post;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetTest {

    @TempDir
    private Path directory;

    private void write(String file, String text) throws IOException {
        Path path = directory.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    @Test
    void comments_are_known_by_their_columns_whatever_these_are_called() throws IOException {
        write("a.csv", "video,text,spam\nPsy,\"a, \"\"b\"\"\n&c\",1\nPsy,d,0\n");
        write("b/b.csv", "\uFEFFCOMMENT_ID,CONTENT,CLASS\n7,e,1\n");
        write("c.csv", "label,language,text\nabuse,de,f\n");
        Dataset data = Dataset.read(directory);
        assertEquals(
                List.of(
                        new LabelledComment("spam", "Psy", "", "a, \"b\"\n&c"),
                        new LabelledComment("real", "Psy", "", "d")),
                data.comments().get("a.csv"));
        assertEquals(
                List.of(new LabelledComment("spam", "", "", "e")),
                data.comments().get("b/b.csv"));
        assertEquals(
                List.of(new LabelledComment("abuse", "", "de", "f")),
                data.comments().get("c.csv"));
    }

    @Test
    void an_article_has_its_reference_in_the_same_place_below_summary() throws IOException {
        write("news/article/tech/1.txt", "Title\n\nFirst. Second.");
        write("news/summary/tech/1.txt", "Second.");
        assertEquals(
                List.of(new Post("tech", "", "Title", "\nFirst. Second.", "Second.")),
                Dataset.read(directory).posts().get("news/article"));
    }

    @Test
    void a_label_that_is_not_known_is_named_with_its_row() throws IOException {
        write("a.csv", "text,label\nx,spam\ny,maybe\n");
        String message = assertThrows(IllegalArgumentException.class, () -> Dataset.read(directory))
                .getMessage();
        assertTrue(message.startsWith("a.csv, row 2: label is \"maybe\""), message);
    }

    @Test
    void a_directory_without_data_and_none_at_all_are_told() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Dataset.read(directory))
                .getMessage()
                .startsWith("Nothing to evaluate in "));
        Path missing = directory.resolve("missing");
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Dataset.read(missing))
                .getMessage()
                .contains("should be a directory"));
    }
}
