package ingress;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import sites.Signature;
import sites.SiteKey;
import sites.Sites;
import sites.StandardWebhooks;
import sites.WooCommerceWebhooks;

/** Decides whether a request comes from a site we know: the signature over the raw bytes, and the time window. */
public final class RequestVerifier {
    /** How far a sender's clock may be off, and how long a captured request could be played again. */
    static final Duration WINDOW = Duration.ofSeconds(300);

    private static final Pattern UNIX_SECONDS = Pattern.compile("\\d{1,12}");
    private static final Pattern SPACES = Pattern.compile("\\s+");
    private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");
    /** More than a rotation needs; each one costs a comparison. */
    private static final int MOST_SIGNATURES = 8;

    /** For a sender that names no key: each costs an HMAC over the body, on an event loop. */
    private static final int MOST_TRIED = 16;

    private final Sites sites;
    private final Clock clock;
    /** Signs for nobody: an unknown key takes as long to refuse as a wrong signature. */
    private final Signature decoy = new Signature("decoy");

    private final StandardWebhooks standardDecoy =
            new StandardWebhooks(StandardWebhooks.SECRET_PREFIX + "0".repeat(32));

    private final WooCommerceWebhooks wooCommerceDecoy = new WooCommerceWebhooks("decoy", Set.of());

    public RequestVerifier(Sites sites, Clock clock) {
        this.sites = sites;
        this.clock = clock;
    }

    /**
     * @param timestamp Unix seconds, as sent
     * @param signatures one or more in hex, separated by commas or spaces
     * @param keyId the sender's hint which key it is, or null where there is one site
     * @param content the bytes that were signed, as they arrived
     * @return the key that verified
     * @throws RejectedRequest 401 for whatever reason it is not one, 400 without a hint where there are several sites
     */
    public SiteKey verify(String timestamp, String signatures, String keyId, byte[] content) {
        if (keyId == null && sites.isKeyIdRequired()) {
            throw RejectedRequest.missingHeaders();
        }
        String[] candidates = SEPARATOR.split(signatures.strip(), MOST_SIGNATURES + 1);
        return verify(
                sites.candidates(keyId),
                isAcceptable(timestamp, candidates),
                key -> key.signature().matches(timestamp, content, candidates),
                () -> decoy.matches(timestamp, content, candidates));
    }

    /**
     * As {@link #verify(String, String, String, byte[])}, for a request that is signed as Standard Webhooks has it.
     *
     * @param id which is signed too
     * @param signatures one or more such as {@code v1,<base64>}, separated by spaces
     */
    public SiteKey verifyStandardWebhook(String id, String timestamp, String signatures, String keyId, byte[] content) {
        String[] candidates = SPACES.split(signatures.strip(), MOST_SIGNATURES + 1);
        return verify(
                few(sites.standardCandidates(keyId), keyId),
                isAcceptable(timestamp, candidates),
                key -> key.standardWebhooks().matches(id, timestamp, content, candidates),
                () -> standardDecoy.matches(id, timestamp, content, candidates));
    }

    /**
     * As {@link #verify(String, String, String, byte[])}, for a request that is signed as WooCommerce signs: without a
     * time.
     *
     * @param signature in base64
     */
    public SiteKey verifyWooCommerce(String signature, String keyId, byte[] content) {
        return verify(
                few(sites.wooCommerceCandidates(keyId), keyId),
                true,
                key -> key.wooCommerce().matches(content, signature),
                () -> wooCommerceDecoy.matches(content, signature));
    }

    private static List<SiteKey> few(List<SiteKey> candidates, String keyId) {
        if (keyId == null && candidates.size() > MOST_TRIED) {
            throw RejectedRequest.missingHeaders();
        }
        return candidates;
    }

    private SiteKey verify(List<SiteKey> tried, boolean isAcceptable, Predicate<SiteKey> matches, Runnable decoy) {
        for (int number = tried.size(); number < sites.mostKeys(); number++) {
            decoy.run();
        }
        Instant now = clock.instant();
        SiteKey verified = null;
        for (SiteKey key : tried) {
            if (matches.test(key) && key.isValid(now) && verified == null) {
                verified = key;
            }
        }
        if (verified == null || !isAcceptable) {
            throw RejectedRequest.badSignature();
        }
        return verified;
    }

    private boolean isAcceptable(String timestamp, String[] candidates) {
        if (candidates.length > MOST_SIGNATURES
                || !UNIX_SECONDS.matcher(timestamp).matches()) {
            return false;
        }
        long age = clock.instant().getEpochSecond() - Long.parseLong(timestamp);
        return Math.abs(age) <= WINDOW.toSeconds();
    }
}
