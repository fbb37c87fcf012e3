package chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a JVM holds, from outside: jcmd and /proc.
 *
 * @param liveMegabytes the heap's live objects, after a full collection
 * @param sockets among its open files
 * @param files open ones that are no sockets
 */
record Footprint(double liveMegabytes, int threads, int sockets, int files) {
    private static final double MEGABYTE = 1024 * 1024;

    static Footprint of(long pid) throws IOException, InterruptedException {
        int sockets = 0;
        int files = 0;
        try (Stream<Path> open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            for (Path file : open.toList()) {
                if (isSocket(file)) {
                    sockets++;
                } else {
                    files++;
                }
            }
        }
        return new Footprint(live(pid), threads(pid), sockets, files);
    }

    private static boolean isSocket(Path file) {
        try {
            return Files.readSymbolicLink(file).toString().startsWith("socket:");
        } catch (IOException e) {
            return false; // closed in the meantime
        }
    }

    private static int threads(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("Threads:"))
                .mapToInt(line ->
                        Integer.parseInt(line.substring(line.indexOf(':') + 1).strip()))
                .findFirst()
                .orElseThrow();
    }

    /** A histogram counts after a full collection; its last line is "Total", instances, bytes. */
    private static double live(long pid) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(pid),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        List<String> lines = jcmd.inputReader().lines().toList();
        jcmd.waitFor();
        return lines.stream()
                .filter(line -> line.startsWith("Total"))
                .mapToDouble(line -> Double.parseDouble(line.strip().split("\\s+")[2]) / MEGABYTE)
                .findFirst()
                .orElseThrow(() -> new IOException("jcmd says " + lines));
    }
}
