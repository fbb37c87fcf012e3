package ingress;

import ingress.RejectedRequest.Problem;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.camel.Message;
import sites.SiteKey;

/**
 * Reads and verifies the signature of a request. One that carries several kinds is judged by the first of these alone:
 * the plugin's, that of Standard Webhooks, WooCommerce's; so nobody weakens a request by adding to it.
 */
final class EventSignature {
    /** Contract, section 1. */
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

    private final RequestVerifier verifier;

    /**
     * An event whose signature holds.
     *
     * @param key with which it was signed
     * @param idempotencyKey which it has
     * @param isIdSigned whether that was signed, and not only the bytes
     * @param topic the event's name where its sender does not write it into the body; otherwise null
     */
    record Signed(SiteKey key, String idempotencyKey, boolean isIdSigned, String topic) {}

    EventSignature(RequestVerifier verifier) {
        this.verifier = verifier;
    }

    /**
     * Of an event, signed in whichever way.
     *
     * @param content the bytes that were signed, as they arrived
     * @throws RejectedRequest 400, 401 or 422
     */
    Signed ofEvent(Message message, byte[] content) {
        if (message.getHeader("X-WP-Signature") != null) {
            return ofPlugin(message, content);
        }
        if (message.getHeader("webhook-signature") != null) {
            return ofStandardWebhook(message, content);
        }
        if (message.getHeader("X-WC-Webhook-Signature") != null) {
            return ofWooCommerce(message, content);
        }
        throw RejectedRequest.missingHeaders();
    }

    private Signed ofPlugin(Message message, byte[] content) {
        String idempotencyKey = RequestHeaders.required(message, "Idempotency-Key");
        return new Signed(verify(message, content), idempotencyKey, false, null);
    }

    /** As the plugin signs, whatever the content is. */
    SiteKey verify(Message message, byte[] content) {
        return verifier.verify(
                RequestHeaders.required(message, "X-WP-Timestamp"),
                RequestHeaders.list(message, "X-WP-Signature"),
                keyId(message),
                content);
    }

    /** Its id is what it is known by: the same on every attempt, and signed. */
    private Signed ofStandardWebhook(Message message, byte[] content) {
        String id = RequestHeaders.required(message, "webhook-id");
        SiteKey key = verifier.verifyStandardWebhook(
                id,
                RequestHeaders.required(message, "webhook-timestamp"),
                RequestHeaders.required(message, "webhook-signature"),
                keyId(message),
                content);
        if (!KEY.matcher(id).matches()) {
            throw invalid("webhook-id", "must be 1 to 64 characters of A-Z a-z 0-9 . _ : -");
        }
        return new Signed(key, id, true, null);
    }

    private Signed ofWooCommerce(Message message, byte[] content) {
        WooCommerceDelivery delivery = WooCommerceDelivery.of(message);
        SiteKey key = verifier.verifyWooCommerce(
                RequestHeaders.required(message, "X-WC-Webhook-Signature"), keyId(message), content);
        if (!key.wooCommerce().isFor(delivery.topic())) {
            throw invalid("X-WC-Webhook-Topic", "is none that this secret is for");
        }
        return new Signed(key, delivery.idempotencyKey(content), false, delivery.topic());
    }

    private static String keyId(Message message) {
        return RequestHeaders.optional(message, "X-WP-Key-Id");
    }

    private static RejectedRequest invalid(String header, String problem) {
        return RejectedRequest.invalidEvent(List.of(new Problem(header, problem)));
    }
}
