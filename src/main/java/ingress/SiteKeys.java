package ingress;

import java.util.List;
import java.util.stream.Collectors;

/** The secrets that are accepted now. The site of a request is the one whose secret verifies it, and no other. */
public final class SiteKeys {
    private final List<SiteKey> keys;

    public SiteKeys(List<SiteKey> keys) {
        this.keys = List.copyOf(keys);
    }

    /** How many keys the site with the most has: what a refusal has to cost whoever it is for. */
    int most() {
        return keys.stream().collect(Collectors.groupingBy(SiteKey::site, Collectors.counting())).values().stream()
                .mapToInt(Long::intValue)
                .max()
                .orElse(0);
    }

    /**
     * The keys to try for a request.
     *
     * @param keyId a hint of the sender's, or null. It picks the site, all of whose keys are then tried; one that
     *     nobody has picks nothing.
     */
    public List<SiteKey> candidates(String keyId) {
        if (keyId == null) {
            return keys;
        }
        List<String> sites = keys.stream()
                .filter(key -> key.id().equals(keyId))
                .map(SiteKey::site)
                .toList();
        return keys.stream().filter(key -> sites.contains(key.site())).toList();
    }
}
