package operations;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What {@code bin/relay} keeps of the JVM's classes, so that each start takes half the time: {@code bin/relay run} makes
 * it where it builds the relay, which tests do not have it do.
 */
final class QuickStart {
    private static final Path TARGET = Path.of("target").toAbsolutePath();
    private static final Path JAR = TARGET.resolve("ai-relay.jar");
    private static final Path CLASSES = TARGET.resolve("ai-relay.jsa");

    private static boolean isPrepared;

    private QuickStart() {}

    /** Makes it for the jar that is there, once, however many processes run tests. */
    static synchronized void prepare() throws IOException {
        if (isPrepared) {
            return;
        }
        try (FileChannel lock = FileChannel.open(
                TARGET.resolve("ai-relay.jsa.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            lock.lock();
            if (isStale()) {
                make();
            }
        }
        isPrepared = true;
    }

    private static boolean isStale() throws IOException {
        return Files.notExists(CLASSES)
                || Files.getLastModifiedTime(CLASSES).compareTo(Files.getLastModifiedTime(JAR)) < 0;
    }

    private static void make() throws IOException {
        ProcessBuilder preparation = new ProcessBuilder("bin/relay", "prepare").inheritIO();
        preparation.environment().put("RELAY_BUILD", "never");
        try {
            preparation.redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
