package ingress;

/**
 * How many events waited when it was last counted, and how fast they go. The relays on a database drain one backlog
 * together, so the drain is taken from the backlog itself: what was there, and what came in, less what is left.
 *
 * @param waiting events
 * @param accepted how many this relay had accepted in all when it counted
 * @param drain events a second, evened out; NaN while it has been counted only once
 */
record Level(long waiting, long accepted, double drain) {
    /** Before the first count. */
    static final Level NONE = new Level(0, 0, Double.NaN);

    /** A share of this many seconds' drain is remembered: slow automations finish nothing in many a second. */
    private static final double MEMORY_SECONDS = 10;
    /** It is room again when this much of the limit is free. */
    private static final double ROOM = 0.9;
    /** Slower than this, in events a second, counts as not draining. */
    private static final double SLOWEST_DRAIN = 1.0 / 30;

    private static final double SECONDS_WHEN_NOTHING_DRAINS = 30;

    /** What is counted now, so many seconds later. */
    Level next(long waitingNow, long acceptedNow, double seconds) {
        double seen = Math.max(0, waiting - waitingNow + acceptedNow - accepted) / seconds;
        double weight = Double.isNaN(drain) ? 1 : 1 - Math.exp(-seconds / MEMORY_SECONDS);
        return new Level(waitingNow, acceptedNow, weight == 1 ? seen : weight * seen + (1 - weight) * drain);
    }

    /** How many wait so many seconds after the count, as far as this relay can know. */
    double estimate(long acceptedNow, double seconds) {
        double drained = Double.isNaN(drain) ? 0 : drain * seconds;
        return Math.max(0, waiting + acceptedNow - accepted - drained);
    }

    /** How long until this many are so few that there is room again, in seconds. */
    double secondsToRoom(double estimate, int limit) {
        double excess = estimate - ROOM * limit;
        return drain >= SLOWEST_DRAIN ? excess / drain : SECONDS_WHEN_NOTHING_DRAINS;
    }

    boolean isRoom(int limit) {
        return waiting < ROOM * limit;
    }
}
