package sites;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A WordPress that events come from and results go to. All of it is from the configuration, never from an event.
 *
 * @param id as in the event log
 * @param url without a trailing slash; empty: results stay in the event log
 * @param keys its secrets: while one replaces the other, it may know either
 * @param credentials for its REST API
 * @param limits of its own, in place of those of the relay
 * @param allowed where its events come from; empty: from everywhere
 * @param events which of them it may send; empty: all
 */
public record Site(
        String id,
        String url,
        List<SiteKey> keys,
        Credentials credentials,
        Limits limits,
        Addresses allowed,
        Set<String> events) {

    /** @param user with an application password that may write results, or empty */
    public record Credentials(String user, String applicationPassword) {
        /** As they stand in a request (RFC 7617). */
        public String basic() {
            byte[] both = (user + ":" + applicationPassword).getBytes(StandardCharsets.UTF_8);
            return Base64.getEncoder().encodeToString(both);
        }
    }

    /**
     * @param rate requests within a second; null: the relay's
     * @param backlog how many of its events may wait; null: the relay's
     * @param dailyTokens of paid AI providers, 0 for as many as it likes; null: the relay's
     * @param dailyTokensAnonymous those of them that visitors may cause, 0 for all; null: the relay's, or half of its own
     */
    public record Limits(Integer rate, Integer backlog, Long dailyTokens, Long dailyTokensAnonymous) {
        public static final Limits OF_RELAY = new Limits(null, null, null, null);
    }

    public boolean hasAddress() {
        return !url.isEmpty();
    }

    public boolean maySend(String event) {
        return events.isEmpty() || events.contains(event);
    }

    /** The value of {@code X-WP-Signature}: one signature for each secret of the plugin's that is valid then. */
    public String sign(Instant now, byte[] content) {
        String timestamp = Long.toString(now.getEpochSecond());
        return keys.stream()
                .filter(key -> !key.isOfWooCommerce() && key.isValid(now))
                .map(key -> key.signature().sign(timestamp, content))
                .collect(Collectors.joining(","));
    }

    /** The value of {@code Authorization} (RFC 7617), or null without a user. */
    public String basicAuthorization() {
        return credentials.user().isEmpty() ? null : "Basic " + credentials.basic();
    }
}
