package sites;

import events.PermanentFailure;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.camel.Header;

/** The sites this relay works for, which may be others from one moment to the next. Safe to share. */
public final class Sites {
    private final boolean isKeyIdRequired;
    private volatile Known known;

    /** All at one moment. */
    private record Known(Map<String, Site> byId, List<SiteKey> keys, int mostKeys) {
        static Known of(Collection<Site> sites) {
            Map<String, Site> byId = new LinkedHashMap<>();
            sites.forEach(site -> byId.put(site.id(), site));
            return new Known(
                    byId,
                    sites.stream().flatMap(site -> site.keys().stream()).toList(),
                    sites.stream().mapToInt(site -> site.keys().size()).max().orElse(0));
        }
    }

    private Sites(Collection<Site> sites, boolean isKeyIdRequired) {
        this.known = Known.of(sites);
        this.isKeyIdRequired = isKeyIdRequired;
    }

    /** The one site of a simple install, any of whose secrets is tried. */
    public static Sites one(Site site) {
        return new Sites(List.of(site), false);
    }

    /** Of a sites file: a sender says which of all those secrets is to be tried. */
    public static Sites many(Collection<Site> sites) {
        return new Sites(sites, true);
    }

    /** From now on these, in one step. */
    public void replace(Collection<Site> sites) {
        known = Known.of(sites);
    }

    public Collection<Site> all() {
        return known.byId().values();
    }

    public Set<String> ids() {
        return known.byId().keySet();
    }

    public Optional<Site> find(String id) {
        return Optional.ofNullable(known.byId().get(id));
    }

    /** @throws PermanentFailure when no such site is configured (any more) */
    public Site get(@Header("RelaySite") String id) {
        return find(id).orElseThrow(() -> new PermanentFailure("no site '" + id + "' is configured"));
    }

    public boolean isKeyIdRequired() {
        return isKeyIdRequired;
    }

    /** How many keys the site with the most has: what a refusal has to cost whoever it is for. */
    public int mostKeys() {
        return known.mostKeys();
    }

    /** Whether some secret is for WooCommerce's webhooks. */
    public boolean takeWooCommerce() {
        return known.keys().stream().anyMatch(SiteKey::isOfWooCommerce);
    }

    /**
     * The keys to try for a request that is signed as the plugin signs, expired ones among them.
     *
     * @param keyId a hint of the sender's. It picks the site, all of whose keys are then tried; one that nobody has
     *     picks nothing, and null all
     */
    public List<SiteKey> candidates(String keyId) {
        return candidates(keyId, key -> !key.isOfWooCommerce());
    }

    /**
     * As {@link #candidates}, of those with which one signs as Standard Webhooks has it. Such a sender hardly names
     * one.
     */
    public List<SiteKey> standardCandidates(String keyId) {
        return candidates(keyId, key -> key.standardWebhooks() != null);
    }

    /** As {@link #candidates}, of those that are for WooCommerce's webhooks. */
    public List<SiteKey> wooCommerceCandidates(String keyId) {
        return candidates(keyId, SiteKey::isOfWooCommerce);
    }

    private List<SiteKey> candidates(String keyId, Predicate<SiteKey> isOfKind) {
        Known now = known;
        List<SiteKey> named = keyId == null
                ? now.keys()
                : now.keys().stream()
                        .filter(key -> key.id().equals(keyId))
                        .findFirst()
                        .map(key -> now.byId().get(key.site()).keys())
                        .orElse(List.of());
        return named.stream().filter(isOfKind).toList();
    }

    /** For routes: whether there is a WordPress to talk to. */
    public boolean hasAddress(@Header("RelaySite") String id) {
        return get(id).hasAddress();
    }

    /** For routes: the address of its REST API, such as {@code https://example.com/wp-json}. */
    public String restUrl(@Header("RelaySite") String id) {
        return get(id).url() + "/wp-json";
    }

    /** For routes: the value of {@code Authorization}, or null. */
    public String authorization(@Header("RelaySite") String id) {
        return get(id).basicAuthorization();
    }
}
