package operations;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "keygen", description = "Makes a secret and says what to put where.")
final class KeygenCommand implements Callable<Integer> {
    private static final int SECRET_BYTES = 32;
    private static final int KEY_ID_BYTES = 4;

    @Override
    public Integer call() {
        String secret = random(SECRET_BYTES);
        String keyId = "key-" + random(KEY_ID_BYTES);
        System.out.printf("""
                1. Start the relay with it beside the old one:  WP_RELAY_SECRET_NEXT=%1$s
                2. Put it into WordPress, Settings > AI Relay:  %1$s
                3. When nothing comes under the old one any more, make it the only one:  WP_RELAY_SECRET=%1$s

                With RELAY_SITES_FILE:
                1. Add it to the secrets of the site:  {key: %2$s, secret: %1$s}
                2. Put it into WordPress, Settings > AI Relay, with the key id %2$s.
                3. When relay_verified_total does not rise for the old key any more, take that out of the file.
                """, secret, keyId);
        return 0;
    }

    private static String random(int bytes) {
        byte[] random = new byte[bytes];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }
}
