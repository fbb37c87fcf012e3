package sites;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Set;

/**
 * How WooCommerce signs its webhooks: HMAC-SHA256 over the bytes, in base64 ({@code WC_Webhook::generate_signature}).
 * Neither the topic nor the id of the delivery is signed, and there is no time. Immutable and safe to share.
 */
public final class WooCommerceWebhooks {
    private final Hmac hmac;
    private final Set<String> topics;

    /**
     * @param secret its UTF-8 bytes are the key, as they are: nothing is trimmed
     * @param topics of the webhooks that have it, such as {@code order.created}
     */
    public WooCommerceWebhooks(String secret, Set<String> topics) {
        this.hmac = new Hmac(secret.getBytes(StandardCharsets.UTF_8));
        this.topics = topics;
    }

    public boolean isFor(String topic) {
        return topics.contains(topic);
    }

    /** The value of {@code X-WC-Webhook-Signature}. */
    public String sign(byte[] content) {
        return Base64.getEncoder().encodeToString(hmac.of(content));
    }

    /** Whether it is the signature, compared in constant time. */
    public boolean matches(byte[] content, String signature) {
        return MessageDigest.isEqual(
                sign(content).getBytes(StandardCharsets.US_ASCII), signature.getBytes(StandardCharsets.UTF_8));
    }
}
