package ingress;

import events.Backlog;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import sites.Site;

/**
 * Refuses events while too many wait: those that are due, of all sites, or those of one site, later tries included. So
 * a site that is down for hours fills its own share and nobody else's. No request waits for the count: one thread
 * counts, at most once a second (ten times near the limit) and only while requests come; in between the relay adds
 * what it accepts itself.
 */
public final class Admission {
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

    /** In seconds; with the spread no more than five minutes. */
    private static final double LONGEST_RETRY_AFTER = 250;
    /** Not all senders are to come back in the same second. */
    private static final double SPREAD = 0.2;

    private final Backlog backlog;
    private final int limit;
    private final LongSupplier nanoTime;
    private final Executor executor;

    private final Map<String, LongAdder> accepted = new ConcurrentHashMap<>();
    private final LongAdder acceptedInAll = new LongAdder();
    private final AtomicBoolean isCounting = new AtomicBoolean();
    private final AtomicBoolean isBusy = new AtomicBoolean();
    private volatile Counted counted;

    /**
     * @param limit how many events may wait, in all and of each site that has no limit of its own
     * @param nanoTime a clock that nobody sets
     * @param executor counts
     */
    public Admission(Backlog backlog, int limit, LongSupplier nanoTime, Executor executor) {
        this.backlog = backlog;
        this.limit = limit;
        this.nanoTime = nanoTime;
        this.executor = executor;
    }

    /** @throws RejectedRequest 429 with the time after which there should be room again */
    public void admit(Site site) {
        Counted known = counted;
        long now = nanoTime.getAsLong();
        if (known == null || known.isOld(now)) {
            count();
        }
        if (known != null && known.isTrusted(now)) {
            LongAdder ofSite = accepted.get(site.id());
            Integer own = site.limits().backlog();
            check(known, known.due(), acceptedInAll.sum(), now, limit);
            check(known, known.site(site.id()), ofSite == null ? 0 : ofSite.sum(), now, own == null ? limit : own);
        }
    }

    /** An event of the site was recorded. */
    public void recorded(String site) {
        accepted.computeIfAbsent(site, name -> new LongAdder()).increment();
        acceptedInAll.increment();
    }

    /** @return how many events were recorded since the start */
    public long recorded() {
        return acceptedInAll.sum();
    }

    /** Whether less than half of what may wait does, as far as it is known. */
    public boolean hasRoom() {
        Counted known = counted;
        long now = nanoTime.getAsLong();
        return known != null
                && known.isTrusted(now)
                && known.due().estimate(acceptedInAll.sum(), known.seconds(now)) < limit / 2.0;
    }

    private void check(Counted known, Level level, long acceptedNow, long now, int most) {
        double waiting = level.estimate(acceptedNow, known.seconds(now));
        if (waiting < most) {
            return;
        }
        if (level.waiting() < most && known.isOldInAHurry(now)) {
            count();
        }
        // A site's own limit is between it and whoever set it; its 429s are in relay_events_total.
        if (most == limit && isBusy.compareAndSet(false, true)) {
            LOG.warn("The backlog is at its limit of {} events: more are answered 429 until it drains", limit);
        }
        throw RejectedRequest.busy(retryAfter(level.secondsToRoom(waiting, most)));
    }

    private static int retryAfter(double seconds) {
        double bounded = Math.min(Math.max(seconds, 1), LONGEST_RETRY_AFTER);
        return (int)
                Math.ceil(bounded * (1 + SPREAD * ThreadLocalRandom.current().nextDouble()));
    }

    private void count() {
        if (!isCounting.compareAndSet(false, true)) {
            return;
        }
        try {
            executor.execute(this::countNow);
        } catch (RejectedExecutionException e) {
            isCounting.set(false); // The relay is stopping.
        }
    }

    private void countNow() {
        long start = nanoTime.getAsLong();
        try {
            Map<String, Long> acceptedBefore = new HashMap<>();
            accepted.forEach((site, number) -> acceptedBefore.put(site, number.sum()));
            Counted last = counted == null ? Counted.unknown(start) : counted;
            var sites = backlog.bySite();
            counted = last.next(start, nanoTime.getAsLong(), sites, acceptedBefore);
            if (counted.isRoom(limit) && isBusy.compareAndSet(true, false)) {
                LOG.info("The backlog is below its limit of {} events again", limit);
            }
        } catch (DataAccessException e) {
            // Nothing is refused for it: whether an event can be recorded, the insert will say.
            LOG.debug("The backlog cannot be counted", e);
            counted = Counted.unknown(start);
        } finally {
            isCounting.set(false);
        }
    }
}
