package operations;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Takes our secrets out of a text that comes from elsewhere, such as a server that echoes what it was sent. */
public final class Redaction {
    /** What is shorter would take words out of every text. */
    private static final int SHORTEST = 4;

    private volatile List<String> secrets = List.of();

    public Redaction(Stream<String> secrets) {
        add(secrets);
    }

    /** These too; what was a secret once stays one. */
    public synchronized void add(Stream<String> more) {
        secrets = Stream.concat(secrets.stream(), more)
                .filter(secret -> secret.length() >= SHORTEST)
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    public String apply(String text) {
        String redacted = text;
        for (String secret : secrets) {
            redacted = redacted.replace(secret, "***");
        }
        return redacted;
    }
}
