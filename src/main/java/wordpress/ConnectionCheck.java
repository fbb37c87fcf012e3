package wordpress;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import sites.Site;
import sites.Sites;
import wordpress.PluginClient.Answer;

/**
 * A step of the route check-connection: asks the site in turn how the relay's request reaches it. No thread of the intake
 * waits for that, and no worker: it has few threads of its own, and who finds none free is told so.
 */
public final class ConnectionCheck extends AsyncProcessorSupport {
    private static final String PATH = "/ai-relay/v1/check";
    private static final byte[] QUESTION = "{}".getBytes(StandardCharsets.UTF_8);
    private static final int TOO_MANY_REQUESTS = 429;

    /** An owner who mends something clicks again. */
    private static final int MOST_A_MINUTE = 6;

    /** A client's time is up before that; this is for a name server that does not answer, or a host of many addresses. */
    private static final Duration LATEST = Duration.ofSeconds(6);

    private static final Answer ASKED_JUST_NOW = new Answer(
            TOO_MANY_REQUESTS, null, "The relay was asked too often to ask the site: try again in a minute.");
    private static final Answer UNDER_WAY =
            new Answer(TOO_MANY_REQUESTS, null, "A check of this site is still under way: try again in a minute.");
    private static final Answer BUSY =
            new Answer(TOO_MANY_REQUESTS, null, "The relay is busy with other checks: try again in a minute.");
    private static final Answer NO_ANSWER = new Answer(0, null, "The site did not answer within 5 s.");

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionCheck.class);

    private final Sites sites;
    private final PluginClient client;
    private final SitePauses pauses;
    private final Executor executor;
    private final Map<String, RateLimiter> limits = new ConcurrentHashMap<>();
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    /** @param executor asks; refuses what it has no thread for */
    public ConnectionCheck(Sites sites, PluginClient client, SitePauses pauses, Executor executor) {
        this.sites = sites;
        this.client = client;
        this.pauses = pauses;
        this.executor = executor;
    }

    /** In: the site as the exchange property {@code RelaySite}, what it is answered as body, a Map. Out: with {@code call_back}. */
    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        Site site = sites.get(exchange.getProperty("RelaySite", String.class));
        if (!site.hasAddress()) {
            answer(exchange, null);
            callback.done(true);
            return true;
        }
        ask(site)
                .completeOnTimeout(NO_ANSWER, LATEST.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((answer, failure) -> {
                    if (failure == null) {
                        answer(exchange, callBack(site, answer));
                    } else {
                        exchange.setException(failure);
                    }
                    callback.done(false);
                });
        return false;
    }

    /** One at a time: a site that keeps a thread waiting, or its name server, takes no other. */
    private CompletableFuture<Answer> ask(Site site) {
        if (!underWay.add(site.id())) {
            return CompletableFuture.completedFuture(UNDER_WAY);
        }
        try {
            return CompletableFuture.supplyAsync(() -> askIfAllowed(site), executor);
        } catch (RejectedExecutionException e) {
            underWay.remove(site.id());
            return CompletableFuture.completedFuture(BUSY);
        }
    }

    /** On a thread of its own: who found none free has not used up anything. */
    private Answer askIfAllowed(Site site) {
        try {
            return limits.computeIfAbsent(site.id(), ConnectionCheck::limiter).acquirePermission()
                    ? askNow(site)
                    : ASKED_JUST_NOW;
        } finally {
            underWay.remove(site.id());
        }
    }

    private Answer askNow(Site site) {
        Answer answer = client.ask(site, PATH, QUESTION);
        LOG.info(
                "Site '{}' has its connection checked; it answered {}",
                site.id(),
                answer.status() == 0 ? "nothing: " + answer.error() : answer.status());
        if (letsIn(answer)) {
            lift(site);
        }
        return answer;
    }

    /** Whether the plugin would take a result: either proof is enough. */
    private static boolean letsIn(Answer answer) {
        return answer.isOk()
                && (answer.body().path("can_write").asBoolean()
                        || answer.body().path("signature").asBoolean());
    }

    /** What the site is paused for is mended: its events need not wait until one of them has tried. */
    private void lift(Site site) {
        try {
            if (pauses.isPaused(site.id())) {
                pauses.lift(site.id());
            }
        } catch (DataAccessException e) {
            LOG.debug("Whether site '{}' is paused cannot be read", site.id(), e);
        }
    }

    private static Map<String, Object> callBack(Site site, Answer answer) {
        Map<String, Object> callBack = new LinkedHashMap<>();
        callBack.put("url", PluginClient.url(site, PATH));
        callBack.put("status", answer.status());
        callBack.put("answer", answer.body());
        callBack.put("error", answer.error());
        return callBack;
    }

    @SuppressWarnings("unchecked") // what ingress.CheckSteps leaves
    private static void answer(Exchange exchange, Map<String, Object> callBack) {
        exchange.getMessage().getBody(Map.class).put("call_back", callBack);
    }

    private static RateLimiter limiter(String site) {
        return RateLimiter.of(
                site,
                RateLimiterConfig.custom()
                        .limitForPeriod(MOST_A_MINUTE)
                        .limitRefreshPeriod(Duration.ofMinutes(1))
                        .timeoutDuration(Duration.ZERO)
                        .build());
    }
}
