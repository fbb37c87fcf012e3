package ingress;

/**
 * One secret of one site.
 *
 * @param id what a sender may put into {@code X-WP-Key-Id}
 * @param site whose events the secret signs
 */
public record SiteKey(String id, String site, Signature signature) {}
