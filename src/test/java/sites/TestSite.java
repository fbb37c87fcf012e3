package sites;

import java.util.List;
import java.util.Set;

/** Sites that are nothing but what a test needs of them. */
public final class TestSite {
    private TestSite() {}

    public static Site named(String id) {
        return with(id, Site.Limits.OF_RELAY);
    }

    /** @param keys of one site */
    public static Site signing(SiteKey... keys) {
        return new Site(
                keys[0].site(),
                "",
                List.of(keys),
                new Site.Credentials("", ""),
                Site.Limits.OF_RELAY,
                Addresses.parse(""),
                Set.of());
    }

    public static Site with(String id, Site.Limits limits) {
        return new Site(id, "", List.of(), new Site.Credentials("", ""), limits, Addresses.parse(""), Set.of());
    }
}
