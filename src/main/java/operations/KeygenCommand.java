package operations;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "keygen", description = "Makes a secret and says what to put where.")
final class KeygenCommand implements Callable<Integer> {
    private static final int SECRET_BYTES = 32;

    @Override
    public Integer call() {
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        String hex = HexFormat.of().formatHex(secret);
        System.out.printf("""
                1. Start the relay with it beside the old one:  WP_RELAY_SECRET_NEXT=%s
                2. Put it into WordPress, Settings > AI Relay:  %s
                3. When nothing comes under the old one any more, make it the only one:  WP_RELAY_SECRET=%s
                """, hex, hex, hex);
        return 0;
    }
}
