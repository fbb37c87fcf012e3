package operations;

/** Text for a terminal of {@link #WIDTH} columns. */
final class TerminalText {
    static final int WIDTH = 120;

    private static final String MORE = "…";

    private TerminalText() {}

    /** A time as the API has it, to the second. */
    static String second(String time) {
        return time.replaceFirst("\\.\\d+", "");
    }

    /** And to the millisecond. */
    static String millisecond(String time) {
        return time.replaceFirst("(\\.\\d{3})\\d+", "$1");
    }

    /** The beginning of a text, as one line that ends there. */
    static String line(String text, int indent) {
        String line = text.strip().replaceAll("\\R|\t", " ");
        int room = WIDTH - indent;
        String shown = line.length() <= room ? line : line.substring(0, room - MORE.length()) + MORE;
        return " ".repeat(indent) + shown;
    }

    /**
     * All of a text, in as many lines as it takes, without the end of the last one. They are broken at spaces where there
     * are any.
     *
     * @param begin what the first line begins with
     * @param indent of the others
     */
    static String wrapped(String begin, String text, int indent) {
        StringBuilder lines = new StringBuilder();
        String line = begin;
        String rest = text;
        while (line.length() + rest.length() > WIDTH) {
            int room = Math.max(1, WIDTH - line.length());
            int space = rest.lastIndexOf(' ', room);
            int end = space > 0 ? space : Math.min(room, rest.length());
            lines.append(line).append(rest, 0, end).append(System.lineSeparator());
            rest = rest.substring(end).stripLeading();
            line = " ".repeat(indent);
        }
        return lines + line + rest;
    }
}
