package chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A file system in memory that is soon full. To mount one takes root. */
final class SmallDisk implements AutoCloseable {
    /** What lies on it. */
    enum Under {
        JOURNAL,
        DATABASE,
        BOTH
    }

    /** This user may not mount: the row cannot be run here. */
    static final class NotAllowed extends IOException {
        private static final long serialVersionUID = 1;

        private NotAllowed(String reason) {
            super(reason);
        }
    }

    /** Room for the journal, and for an H2 under load, which keeps what it replaced for 45 s (RETENTION_TIME). */
    private static final int MEGABYTES = 1024;

    private static final int BLOCK = 64 * 1024;

    private final Path directory;
    private final Path ballast;

    private SmallDisk(Path directory) throws IOException, InterruptedException {
        this.directory = Files.createDirectories(directory).toAbsolutePath();
        this.ballast = this.directory.resolve("ballast");
        try {
            run("mount", "-t", "tmpfs", "-o", "size=" + MEGABYTES + "m", "tmpfs", this.directory.toString());
        } catch (IOException e) {
            throw new NotAllowed(e.getMessage());
        }
    }

    /**
     * @param home of the relay, whose data is in {@code data}
     * @throws NotAllowed when this user may not mount
     */
    static SmallDisk mount(Path home, Under under) throws IOException, InterruptedException {
        Path data = home.resolve("data");
        if (under == Under.JOURNAL) {
            return new SmallDisk(data.resolve("broker"));
        }
        SmallDisk disk = new SmallDisk(data);
        if (under == Under.DATABASE) {
            Path elsewhere = Files.createDirectories(home.resolve("broker"));
            Files.createSymbolicLink(data.resolve("broker"), elsewhere.toAbsolutePath());
        }
        return disk;
    }

    /** Takes every byte that is left. */
    void fill() throws IOException {
        byte[] block = new byte[BLOCK];
        Arrays.fill(block, (byte) 1);
        try (OutputStream out = Files.newOutputStream(ballast)) {
            for (int size = BLOCK; size > 0; size /= 2) {
                writeAll(out, block, size);
            }
        }
    }

    private static void writeAll(OutputStream out, byte[] block, int size) {
        try {
            while (true) {
                out.write(block, 0, size);
            }
        } catch (IOException full) {
            // as intended
        }
    }

    void free() throws IOException {
        Files.deleteIfExists(ballast);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        run("umount", "-l", directory.toString());
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IOException(output.strip());
        }
    }
}
