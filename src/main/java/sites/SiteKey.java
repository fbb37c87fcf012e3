package sites;

import java.time.Instant;

/**
 * One secret of one site.
 *
 * @param id what a sender may put into {@code X-WP-Key-Id}
 * @param site whose events the secret signs
 * @param standardWebhooks null for a secret with which nobody signs in that way
 * @param notBefore null: from ever
 * @param expires null: for ever
 */
public record SiteKey(
        String id,
        String site,
        Signature signature,
        StandardWebhooks standardWebhooks,
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
                notBefore,
                expires);
    }

    public boolean isValid(Instant now) {
        return (notBefore == null || !now.isBefore(notBefore)) && (expires == null || now.isBefore(expires));
    }
}
