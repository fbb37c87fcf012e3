package ingress;

import ingress.RejectedRequest.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.camel.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sites.Site;
import sites.SiteKey;
import sites.Sites;

/** Who sends a request: a site, known by its signature, from an address that it may send from. */
public final class Authentication {
    /** Contract, section 1. */
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

    private static final Logger LOG = LoggerFactory.getLogger(Authentication.class);

    private final AddressGate gate;
    private final RequestVerifier verifier;
    private final Sites sites;
    private final RateLimits limits;
    private final Set<SiteKey> seen = ConcurrentHashMap.newKeySet();

    /**
     * @param key with which it was signed
     * @param idempotencyKey as sent
     * @param isIdSigned whether that key is, and not only the bytes
     */
    record Sender(Site site, SiteKey key, String idempotencyKey, boolean isIdSigned) {}

    public Authentication(AddressGate gate, RequestVerifier verifier, Sites sites, RateLimits limits) {
        this.gate = gate;
        this.verifier = verifier;
        this.sites = sites;
        this.limits = limits;
    }

    /**
     * Of an event, signed as the plugin signs or as Standard Webhooks has it.
     *
     * @param content the bytes that were signed, as they arrived
     * @throws RejectedRequest 400, 401, 403, 422, or 429 for an address with too many of these
     */
    Sender ofEvent(Message message, byte[] content) {
        boolean isStandardWebhook =
                message.getHeader("X-WP-Signature") == null && message.getHeader("webhook-signature") != null;
        // The id of a Standard Webhook is what it is known by: the same on every attempt, and signed.
        SiteKey key = check(
                message,
                () -> isStandardWebhook ? verifyStandardWebhook(message, content) : verifyPlugin(message, content));
        String idempotencyKey = RequestHeaders.required(message, isStandardWebhook ? "webhook-id" : "Idempotency-Key");
        return new Sender(site(message, key), key, idempotencyKey, isStandardWebhook);
    }

    /**
     * Of a question for an event.
     *
     * @param idempotencyKey what was signed
     * @throws RejectedRequest as {@link #ofEvent}
     */
    Site ofQuestion(Message message, String idempotencyKey) {
        byte[] content = idempotencyKey.getBytes(StandardCharsets.UTF_8);
        return site(message, check(message, () -> verify(message, content)));
    }

    /** What does not verify counts against its sender's address, and not against any site. */
    private SiteKey check(Message message, Supplier<SiteKey> verification) {
        gate.check(message);
        try {
            return verification.get();
        } catch (RejectedRequest e) {
            throw limits.refuse(gate.sender(message), e);
        }
    }

    private Site site(Message message, SiteKey key) {
        Site site = sites.find(key.site()).orElseThrow(RejectedRequest::badSignature);
        gate.check(message, site.allowed());
        // While a secret is replaced, this and the metric relay_verified_total say which one is in use.
        if (seen.add(key)) {
            LOG.info("Site '{}' signs with its key '{}'", key.site(), key.id());
        }
        return site;
    }

    private SiteKey verifyPlugin(Message message, byte[] content) {
        RequestHeaders.required(message, "Idempotency-Key");
        return verify(message, content);
    }

    private SiteKey verify(Message message, byte[] content) {
        return verifier.verify(
                RequestHeaders.required(message, "X-WP-Timestamp"),
                RequestHeaders.list(message, "X-WP-Signature"),
                RequestHeaders.optional(message, "X-WP-Key-Id"),
                content);
    }

    private SiteKey verifyStandardWebhook(Message message, byte[] content) {
        String id = RequestHeaders.required(message, "webhook-id");
        SiteKey key = verifier.verifyStandardWebhook(
                id,
                RequestHeaders.required(message, "webhook-timestamp"),
                RequestHeaders.required(message, "webhook-signature"),
                RequestHeaders.optional(message, "X-WP-Key-Id"),
                content);
        if (!KEY.matcher(id).matches()) {
            throw RejectedRequest.invalidEvent(
                    List.of(new Problem("webhook-id", "must be 1 to 64 characters of A-Z a-z 0-9 . _ : -")));
        }
        return key;
    }
}
