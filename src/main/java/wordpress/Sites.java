package wordpress;

import events.PermanentFailure;
import java.util.List;
import org.apache.camel.Header;

/** The sites this relay works for, by id. */
public final class Sites {
    private final List<Site> sites;

    public Sites(List<Site> sites) {
        this.sites = List.copyOf(sites);
    }

    /** @throws PermanentFailure when no such site is configured (any more) */
    public Site get(@Header("RelaySite") String id) {
        return sites.stream()
                .filter(site -> site.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new PermanentFailure("no site '" + id + "' is configured"));
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
