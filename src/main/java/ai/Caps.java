package ai;

/**
 * What may be used in a day, in tokens; 0 is no cap. What anonymous visitors cause is limited by all four, anything else
 * by two: so visitors can use up no more than their own part, and editors always find theirs.
 *
 * @param site by one site
 * @param anonymous by what visitors of that site cause
 * @param total by all sites
 * @param allAnonymous by what visitors of all sites cause
 */
public record Caps(long site, long anonymous, long total, long allAnonymous) {
    /**
     * @param anonymous null: half of what the site may use. Of what all sites may use, visitors of all sites may use
     *     half, unless this is 0
     */
    public static Caps of(long site, Long anonymous, long total) {
        boolean isLimited = anonymous == null || anonymous > 0;
        return new Caps(site, anonymous == null ? half(site) : anonymous, total, isLimited ? half(total) : 0);
    }

    /** At least one: none would be no cap. */
    private static long half(long cap) {
        return (cap + 1) / 2;
    }

    boolean isNone() {
        return site == 0 && anonymous == 0 && total == 0 && allAnonymous == 0;
    }
}
