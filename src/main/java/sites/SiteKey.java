package sites;

import java.time.Instant;
import java.util.Set;

/**
 * One secret of one site.
 *
 * @param id what a sender may put into {@code X-WP-Key-Id}
 * @param site whose events the secret signs
 * @param signature null for a secret of WooCommerce's
 * @param standardWebhooks null for a secret with which nobody signs in that way
 * @param wooCommerce null for a secret with which its webhooks are not signed; otherwise nothing else is
 * @param notBefore null: from ever
 * @param expires null: for ever
 */
public record SiteKey(
        String id,
        String site,
        Signature signature,
        StandardWebhooks standardWebhooks,
        WooCommerceWebhooks wooCommerce,
        Instant notBefore,
        Instant expires) {

    /** @param secret of the plugin; one that begins with {@code whsec_} may also sign as Standard Webhooks has it */
    public static SiteKey of(String id, String site, String secret) {
        return of(id, site, secret, null, null);
    }

    public static SiteKey of(String id, String site, String secret, Instant notBefore, Instant expires) {
        return new SiteKey(
                id,
                site,
                new Signature(secret),
                StandardWebhooks.isSecret(secret) ? new StandardWebhooks(secret) : null,
                null,
                notBefore,
                expires);
    }

    /** @param topics of the webhooks that have this secret */
    public static SiteKey ofWooCommerce(
            String id, String site, String secret, Set<String> topics, Instant notBefore, Instant expires) {
        return new SiteKey(id, site, null, null, new WooCommerceWebhooks(secret, topics), notBefore, expires);
    }

    public boolean isOfWooCommerce() {
        return wooCommerce != null;
    }

    public boolean isValid(Instant now) {
        return (notBefore == null || !now.isBefore(notBefore)) && (expires == null || now.isBefore(expires));
    }
}
