package console;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the console may ask of MBeans, as Jolokia reads it: {@code jolokia-access.xml}, and where the console is to debug,
 * {@code jolokia-access-debug.xml} before the end of its {@code <allow>}.
 */
final class AccessPolicy {
    private static final String POLICY = "/jolokia-access.xml";
    private static final String DEBUGGING = "/jolokia-access-debug.xml";
    private static final String END_OF_ALLOW = "</allow>";

    private final String text;

    AccessPolicy(boolean isDebugging) throws IOException {
        String policy = read(POLICY);
        text = isDebugging ? policy.replace(END_OF_ALLOW, read(DEBUGGING) + END_OF_ALLOW) : policy;
    }

    private static String read(String resource) throws IOException {
        try (InputStream in = AccessPolicy.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Writes it where Jolokia is to read it. @return its address */
    String write(Path file) throws IOException {
        return Files.writeString(file, text).toUri().toString();
    }

    InputStream open() {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
