package ingress;

import ingress.EventSignature.Signed;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.camel.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sites.Site;
import sites.SiteKey;
import sites.Sites;

/** Who sends a request: a site, known by its signature, from an address that it may send from. */
public final class Authentication {
    private static final Logger LOG = LoggerFactory.getLogger(Authentication.class);

    private final AddressGate gate;
    private final EventSignature signature;
    private final Sites sites;
    private final RateLimits limits;
    private final Consumer<String> heard;
    private final Set<SiteKey> seen = ConcurrentHashMap.newKeySet();

    /** @param signed its event */
    record Sender(Site site, Signed signed) {}

    /** @param heard is told of each site that sends something */
    public Authentication(
            AddressGate gate, RequestVerifier verifier, Sites sites, RateLimits limits, Consumer<String> heard) {
        this.gate = gate;
        this.signature = new EventSignature(verifier);
        this.sites = sites;
        this.limits = limits;
        this.heard = heard;
    }

    /**
     * Of an event, signed as the plugin signs, as Standard Webhooks has it or as WooCommerce does.
     *
     * @param content the bytes that were signed, as they arrived
     * @throws RejectedRequest 400, 401, 403, 422, or 429 for an address with too many of these
     */
    Sender ofEvent(Message message, byte[] content) {
        Signed signed = check(message, () -> signature.ofEvent(message, content));
        return new Sender(site(message, signed.key()), signed);
    }

    /**
     * Whether it is WooCommerce's ping, which nobody signs, and one of the secrets is for its webhooks. It counts
     * against its sender's address, as what does not verify.
     *
     * @throws RejectedRequest 403, or 429 for an address with too many of these
     */
    boolean isPing(Message message) {
        if (!sites.takeWooCommerce() || !WooCommerceDelivery.isPing(message)) {
            return false;
        }
        gate.check(message);
        limits.takeUnsigned(gate.sender(message));
        return true;
    }

    /**
     * Of a question for an event.
     *
     * @param idempotencyKey what was signed
     * @throws RejectedRequest as {@link #ofEvent}
     */
    Site ofQuestion(Message message, String idempotencyKey) {
        byte[] content = idempotencyKey.getBytes(StandardCharsets.UTF_8);
        return site(message, check(message, () -> signature.verify(message, content)));
    }

    /**
     * Of a check of the connection.
     *
     * @param content the bytes that were signed, as they arrived
     * @return the key that verified; none for whatever reason
     * @throws RejectedRequest 403, or 429 for an address with too many that do not verify
     */
    Optional<SiteKey> ofCheck(Message message, byte[] content) {
        gate.check(message);
        try {
            return Optional.of(signature.verify(message, content));
        } catch (RejectedRequest e) {
            limits.takeUnsigned(gate.sender(message));
            return Optional.empty();
        }
    }

    /** What does not verify counts against its sender's address, and not against any site. */
    private <T> T check(Message message, Supplier<T> verification) {
        gate.check(message);
        try {
            return verification.get();
        } catch (RejectedRequest e) {
            throw limits.refuse(gate.sender(message), e);
        }
    }

    /** @throws RejectedRequest 403 when the site's own list of addresses does not have the sender's */
    Site site(Message message, SiteKey key) {
        Site site = sites.find(key.site()).orElseThrow(RejectedRequest::badSignature);
        gate.check(message, site.allowed());
        heard.accept(site.id());
        // While a secret is replaced, this and the metric relay_verified_total say which one is in use.
        if (seen.add(key)) {
            LOG.info("Site '{}' signs with its key '{}'", key.site(), key.id());
        }
        return site;
    }
}
