package pages;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import sites.Hmac;

/**
 * That somebody has logged in, as a cookie says it: until when, and a proof by the admin token that this relay, or another
 * one with the same token, has said so. Nothing is kept; another admin token ends all sessions.
 */
final class Session {
    static final String COOKIE = "relay_session";
    static final Duration LENGTH = Duration.ofHours(12);

    private static final String PURPOSE = "ai-relay page session v1";
    private static final int NONCE_BYTES = 12;
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] adminToken;
    private final Hmac hmac;
    private final Clock clock;

    Session(String adminToken, Clock clock) {
        this.adminToken = bytes(adminToken);
        // A key of its own: what is proved with it is of no use anywhere else.
        this.hmac = new Hmac(new Hmac(this.adminToken).of(bytes(PURPOSE)));
        this.clock = clock;
    }

    /** Takes as long whatever was given. */
    boolean isToken(String given) {
        return MessageDigest.isEqual(adminToken, bytes(given));
    }

    /** The value of a new session's cookie. */
    String begin() {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        String claim = clock.instant().plus(LENGTH).getEpochSecond() + "." + BASE64.encodeToString(nonce);
        return claim + "." + proof(claim);
    }

    /** @param cookie its value, or null */
    boolean isValid(String cookie) {
        int dot = cookie == null ? -1 : cookie.lastIndexOf('.');
        if (dot < 0) {
            return false;
        }
        String claim = cookie.substring(0, dot);
        return MessageDigest.isEqual(bytes(proof(claim)), bytes(cookie.substring(dot + 1)))
                && clock.instant().getEpochSecond() < Long.parseLong(claim.substring(0, claim.indexOf('.')));
    }

    private String proof(String claim) {
        return BASE64.encodeToString(hmac.of(bytes(claim)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
