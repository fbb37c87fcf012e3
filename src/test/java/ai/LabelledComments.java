package ai;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads labelled comments: the project's own, and the public collection by its columns. */
final class LabelledComments {

    /** One comment; {@code group} is the video it stands under, or the part (train, test) of the own set. */
    record Comment(String group, boolean spam, String text) {}

    private LabelledComments() {}

    /** The set that the project wrote itself. */
    static List<Comment> own() {
        return Resource.lines("/labelled/comments.tsv").stream()
                .skip(1)
                .map(line -> line.split("\t", 4))
                .map(cells -> new Comment(cells[0], cells[1].equals("spam"), cells[3]))
                .toList();
    }

    /** {@code youtube-comments.csv} in the directory: {@code video,text,spam}, quoted as RFC 4180 says. */
    static List<Comment> youtube(Path directory) throws IOException {
        return rows(Files.readString(directory.resolve("youtube-comments.csv"))).stream()
                .skip(1)
                .map(cells -> new Comment(cells.get(0), cells.get(2).equals("1"), cells.get(1)))
                .toList();
    }

    private static List<List<String>> rows(String csv) {
        List<List<String>> rows = new ArrayList<>();
        List<String> row = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (char c : csv.replace("\r\n", "\n").toCharArray()) {
            if (c == '"') {
                // A doubled quote inside a quoted cell closes and opens it again: the quote itself is kept once.
                if (!quoted && cell.length() > 0) {
                    cell.append(c);
                }
                quoted = !quoted;
            } else if (!quoted && (c == ',' || c == '\n')) {
                row.add(cell.toString());
                cell.setLength(0);
                if (c == '\n') {
                    rows.add(row);
                    row = new ArrayList<>();
                }
            } else {
                cell.append(c);
            }
        }
        return rows;
    }
}
