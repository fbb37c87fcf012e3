package ingress;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** Decides whether a request comes from a site we know: the signature over the raw bytes, and the time window. */
public final class RequestVerifier {
    /** How far a sender's clock may be off, and how long a captured request could be played again. */
    static final Duration WINDOW = Duration.ofSeconds(300);

    private static final Pattern UNIX_SECONDS = Pattern.compile("\\d{1,12}");
    private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");
    /** More than a rotation needs; each one costs a comparison. */
    private static final int MOST_SIGNATURES = 8;

    private final SiteKeys keys;
    private final Clock clock;
    /** Signs for nobody: an unknown key takes as long to refuse as a wrong signature. */
    private final Signature decoy = new Signature("decoy");

    public RequestVerifier(SiteKeys keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * @param timestamp Unix seconds, as sent
     * @param signatures one or more in hex, separated by commas or spaces
     * @param keyId the sender's hint which key it is, or null
     * @param content the bytes that were signed, as they arrived
     * @return the key that verified
     * @throws RejectedRequest 401 for whatever reason it is not one
     */
    public SiteKey verify(String timestamp, String signatures, String keyId, byte[] content) {
        String[] candidates = SEPARATOR.split(signatures.strip(), MOST_SIGNATURES + 1);
        List<SiteKey> tried = keys.candidates(keyId);
        for (int number = tried.size(); number < keys.most(); number++) {
            decoy.matches(timestamp, content, candidates);
        }
        SiteKey verified = null;
        for (SiteKey key : tried) {
            if (key.signature().matches(timestamp, content, candidates) && verified == null) {
                verified = key;
            }
        }
        if (verified == null || candidates.length > MOST_SIGNATURES || !isInWindow(timestamp)) {
            throw RejectedRequest.badSignature();
        }
        return verified;
    }

    private boolean isInWindow(String timestamp) {
        if (!UNIX_SECONDS.matcher(timestamp).matches()) {
            return false;
        }
        long age = clock.instant().getEpochSecond() - Long.parseLong(timestamp);
        return Math.abs(age) <= WINDOW.toSeconds();
    }
}
