package wordpress;

import ingress.Signature;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A WordPress that events come from and results go to. All of it is from the configuration, never from an event.
 *
 * @param id as in the event log
 * @param url without a trailing slash; empty: results stay in the event log
 * @param signatures with each secret of the site: while one replaces the other, it may know either
 * @param user with an application password that may write results, or empty
 */
public record Site(String id, String url, String user, String applicationPassword, List<Signature> signatures) {

    public boolean hasAddress() {
        return !url.isEmpty();
    }

    /** The value of {@code X-WP-Signature}: one signature for each secret. */
    public String sign(String timestamp, byte[] content) {
        return signatures.stream()
                .map(signature -> signature.sign(timestamp, content))
                .collect(Collectors.joining(","));
    }

    /** The value of {@code Authorization} (RFC 7617), or null without a user. */
    public String basicAuthorization() {
        if (user.isEmpty()) {
            return null;
        }
        byte[] credentials = (user + ":" + applicationPassword).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(credentials);
    }
}
