package ai;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What may be used of paid providers in a day. Days begin at midnight of the clock's zone, which is UTC. */
public final class Budget {
    private static final int WARNING_PERCENT = 80;
    private static final int ALL = 100;
    /** After midnight, since the relays' clocks differ a little. */
    private static final int LONGEST_DELAY_MILLIS = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(Budget.class);

    private final UsageLog log;
    private final Function<String, Caps> caps;
    private final Clock clock;
    /** What was warned of, by this relay, on that day. */
    private final Set<Warning> warned = ConcurrentHashMap.newKeySet();

    private record Warning(LocalDate day, String of, int percent) {}

    /**
     * One of the caps with what counts against it.
     *
     * @param name of the scope, as in the metric
     * @param site null: it is of all sites
     */
    public record Scope(String name, String site, String setting, long cap, long used) {
        public long left() {
            return Math.max(0, cap - used);
        }

        private String words() {
            String whose = site == null ? "all sites" : "site '" + site + "'";
            return name.endsWith("anonymous") ? "what anonymous visitors of " + whose + " cause" : whose;
        }
    }

    /** @param caps of a site by its id */
    public Budget(UsageLog log, Function<String, Caps> caps, Clock clock) {
        this.log = log;
        this.caps = caps;
        this.clock = clock;
    }

    public LocalDate today() {
        return LocalDate.now(clock);
    }

    /**
     * Takes from today's budget what a request is likely to use, if there is a cap.
     *
     * @return whether it was taken; if not, there is no cap
     * @throws BudgetSpent when not so much is left
     */
    boolean take(UsageLog.Account account, Usage estimate) {
        Caps own = caps.apply(account.site());
        if (own.isNone()) {
            return false;
        }
        log.take(account, estimate, used -> {
            for (Scope scope : scopes(account.site(), own, used)) {
                if (account.isAnonymous() || !scope.name().endsWith("anonymous")) {
                    check(scope, account.day(), estimate.tokens());
                }
            }
        });
        return true;
    }

    private void check(Scope scope, LocalDate day, long tokens) {
        if (scope.used() + tokens > scope.cap()) {
            warn(scope, day, ALL);
            throw spent(scope, day, tokens);
        }
        if ((scope.used() + tokens) * ALL >= scope.cap() * WARNING_PERCENT) {
            warn(scope, day, WARNING_PERCENT);
        }
    }

    private BudgetSpent spent(Scope scope, LocalDate day, long tokens) {
        String budget = "the daily AI budget for " + scope.words() + " (" + scope.setting() + ") is " + scope.cap()
                + " tokens, ";
        if (tokens > scope.cap()) {
            return new BudgetSpent(
                    budget + "and this needs about " + tokens + ": raise it and replay the event", tomorrow(day), true);
        }
        return new BudgetSpent(
                budget + "of which " + scope.used() + " are used, and this needs about " + tokens
                        + "; it goes on tomorrow (UTC), or sooner if you raise it and replay the event with force",
                tomorrow(day),
                false);
    }

    private Instant tomorrow(LocalDate day) {
        return day.plusDays(1)
                .atStartOfDay(clock.getZone())
                .toInstant()
                .plusMillis(ThreadLocalRandom.current().nextInt(LONGEST_DELAY_MILLIS));
    }

    private void warn(Scope scope, LocalDate day, int percent) {
        warned.removeIf(warning -> warning.day().isBefore(day));
        if (!warned.add(new Warning(day, scope.words(), percent))) {
            return;
        }
        LOG.warn(
                "{} of today's AI budget for {} ({}: {} tokens) {} used{}",
                percent == ALL ? "All" : percent + " %",
                scope.words(),
                scope.setting(),
                scope.cap(),
                percent == ALL ? "is" : "are",
                percent == ALL ? "; events that need more wait until tomorrow (UTC)" : "");
    }

    /** The caps that there are for each of the sites, with what is used today: read at once for all of them. */
    public Map<String, List<Scope>> scopes(Collection<String> sites) {
        Function<String, UsageLog.Used> used = log.used(today());
        return sites.stream()
                .distinct()
                .collect(Collectors.toMap(site -> site, site -> scopes(site, caps.apply(site), used.apply(site))));
    }

    /** The names of the scopes in which a site has a cap. */
    public List<String> scopeNames(String site) {
        return scopes(site, caps.apply(site), new UsageLog.Used(0, 0, 0, 0)).stream()
                .map(Scope::name)
                .toList();
    }

    private static List<Scope> scopes(String site, Caps caps, UsageLog.Used used) {
        String own = "AI_DAILY_TOKENS, or the site's own daily-tokens";
        String anonymous = "AI_DAILY_TOKENS_ANONYMOUS, or the site's own daily-tokens-anonymous";
        return List.of(
                        new Scope("site", site, own, caps.site(), used.site()),
                        new Scope("anonymous", site, anonymous, caps.anonymous(), used.anonymous()),
                        new Scope("total", null, "AI_DAILY_TOKENS_TOTAL", caps.total(), used.total()),
                        new Scope(
                                "total_anonymous",
                                null,
                                "half of AI_DAILY_TOKENS_TOTAL",
                                caps.allAnonymous(),
                                used.allAnonymous()))
                .stream()
                .filter(scope -> scope.cap() > 0)
                .toList();
    }
}
