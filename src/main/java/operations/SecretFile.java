package operations;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;

/** The secret that the relay makes for itself when it is given none: a file that only its owner can read. */
public final class SecretFile {
    private static final int SECRET_BYTES = 32;

    private SecretFile() {}

    /** Where it is, below the data directory. */
    public static Path path(Path dataDir) {
        return dataDir.resolve("secret");
    }

    /**
     * Makes the secret if there is none yet.
     *
     * @return true when it was made now
     */
    public static boolean create(Path dataDir) throws IOException {
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        if (Files.exists(path(dataDir))) {
            return false;
        }
        // Whole or not at all: a crash in between must not leave an empty secret behind.
        Path draft = Files.createTempFile(dataDir, "secret", ".new", OwnerOnly.file(dataDir));
        Files.writeString(draft, HexFormat.of().formatHex(secret) + "\n", StandardOpenOption.SYNC);
        Files.move(draft, path(dataDir), StandardCopyOption.ATOMIC_MOVE);
        return true;
    }

    public static String read(Path dataDir) throws IOException {
        return Files.readString(path(dataDir), StandardCharsets.UTF_8).strip();
    }
}
