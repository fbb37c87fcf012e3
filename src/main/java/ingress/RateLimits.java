package ingress;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sites.Site;

/**
 * How many requests are taken within a second: of each site, and half as many of an address whose requests do not
 * verify. Only what did not verify counts there, so that a site never pays for a neighbour behind the same address.
 */
public final class RateLimits {
    private static final Duration PERIOD = Duration.ofSeconds(1);
    /** Of which the latest are known; about 1 KB each. */
    private static final int MOST_ADDRESSES = 10_000;

    private static final long SECONDS_BETWEEN_WARNINGS = 60;

    private static final Logger LOG = LoggerFactory.getLogger(RateLimits.class);

    private final int limit;
    private final Map<Share, RateLimiter> sites = new ConcurrentHashMap<>();
    private final LoadingCache<String, RateLimiter> addresses =
            Caffeine.newBuilder().maximumSize(MOST_ADDRESSES).build(address -> limiter(address, unverified()));
    private final LoadingCache<Share, Boolean> warned = Caffeine.newBuilder()
            .maximumSize(MOST_ADDRESSES)
            .expireAfterWrite(Duration.ofSeconds(SECONDS_BETWEEN_WARNINGS))
            .build(RateLimits::warn);

    /** What a site may send within a second: another one when its configuration changes. */
    private record Share(String site, int limit) {}

    /** @param limit requests within a second of a site that has no limit of its own */
    public RateLimits(int limit) {
        this.limit = limit;
    }

    /** @throws RejectedRequest 429 when the site has had its share of this second */
    void take(Site site) {
        Integer own = site.limits().rate();
        Share share = new Share(site.id(), own == null ? limit : own);
        if (!sites.computeIfAbsent(share, key -> limiter(key.site(), key.limit()))
                .acquirePermission()) {
            warned.get(share);
            throw tooMany();
        }
    }

    /**
     * Counts a request that did not verify.
     *
     * @param address of its sender; null where nobody can say it: these share one
     * @return what to answer: 429 in place of the reason when there are too many
     */
    RejectedRequest refuse(InetAddress address, RejectedRequest reason) {
        return addresses.get(sender(address)).acquirePermission() ? reason : tooMany();
    }

    /**
     * Counts a request that is answered although nobody signed it.
     *
     * @throws RejectedRequest 429 when there are too many
     */
    void takeUnsigned(InetAddress address) {
        if (!addresses.get(sender(address)).acquirePermission()) {
            throw tooMany();
        }
    }

    /** With IPv6 whoever has one address has a network of them: 64 bits (RFC 6177). */
    private static String sender(InetAddress address) {
        if (address == null) {
            return "unknown";
        }
        return address instanceof Inet6Address
                ? HexFormat.of().formatHex(address.getAddress(), 0, Long.BYTES)
                : address.getHostAddress();
    }

    private int unverified() {
        return Math.max(1, limit / 2);
    }

    private static boolean warn(Share share) {
        LOG.warn(
                "Site '{}' sends more than {} requests a second: what is over it is answered 429",
                share.site(),
                share.limit());
        return true;
    }

    private static RejectedRequest tooMany() {
        return RejectedRequest.tooManyRequests((int) PERIOD.toSeconds());
    }

    private static RateLimiter limiter(String name, int limit) {
        return RateLimiter.of(
                name,
                RateLimiterConfig.custom()
                        .limitForPeriod(limit)
                        .limitRefreshPeriod(PERIOD)
                        .timeoutDuration(Duration.ZERO)
                        .writableStackTraceEnabled(false)
                        .build());
    }
}
