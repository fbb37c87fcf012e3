package bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The memory of another JVM, of this user and on this machine. */
final class Memory {
    /** The last line of a class histogram: how many objects, and their bytes. */
    private static final Pattern TOTAL = Pattern.compile("^Total +\\d+ +(\\d+)", Pattern.MULTILINE);
    /** In proc(5), in KiB. */
    private static final Pattern RESIDENT = Pattern.compile("^VmRSS:\\s+(\\d+) kB", Pattern.MULTILINE);

    private Memory() {}

    /** What is alive on its heap. Makes it collect all of its garbage. */
    static long liveMiB(long pid) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process process = new ProcessBuilder(jcmd.toString(), Long.toString(pid), "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String histogram = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return number(TOTAL, histogram) >> 20;
    }

    /** What it has in memory: heap, code, threads, buffers. */
    static long residentMiB(long pid) throws IOException {
        return number(RESIDENT, Files.readString(Path.of("/proc", Long.toString(pid), "status"))) >> 10;
    }

    private static long number(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException(pattern + " is not in: " + text);
        }
        return Long.parseLong(matcher.group(1));
    }
}
