package ai;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What was used of paid providers, by day and by event, for all relays on the database together. Days are in UTC. Each
 * method is one transaction and throws Spring's {@code DataAccessException} when the database does not take it.
 */
public final class UsageLog {
    /** Longer than a year, so that a month can be held against the same one before. */
    private static final int DAYS_KEPT = 400;

    private static final String SUMS =
            "sum(requests) AS requests, sum(tokens_in) AS tokens_in, sum(tokens_out) AS tokens_out, sum(cost) AS cost";

    private static final String ADD = " SET requests = requests + ?, tokens_in = tokens_in + ?,"
            + " tokens_out = tokens_out + ?, cost = cost + ? WHERE ";

    private static final String OF_DAY = "used_on = ? AND site = ? AND provider = ? AND anonymous = ?";

    private final JdbcClient database;
    private final TransactionTemplate transaction;

    /** To whom something is put down. */
    public record Account(LocalDate day, String site, String provider, boolean isAnonymous, UUID event) {}

    /** The tokens that were used in a day, as {@link Caps} limits them. */
    public record Used(long site, long anonymous, long total, long allAnonymous) {}

    /** What a site used in a day, {@code anonymous} of it, in tokens, by what visitors caused. */
    public record OfDay(LocalDate day, String site, Usage usage, long anonymous) {}

    public UsageLog(DataSource dataSource) {
        this.database = JdbcClient.create(dataSource);
        this.transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
    }

    /** Puts down what was used; it may be less than nothing, where more had been taken before. */
    public void add(Account account, Usage usage) {
        transaction.executeWithoutResult(status -> addTo(account, usage));
    }

    /**
     * Takes what is about to be used, one after the other whoever asks, so that none takes the rest that another does.
     *
     * @param check is given what has been used so far; when it throws, nothing is taken
     */
    public void take(Account account, Usage usage, Consumer<Used> check) {
        transaction.executeWithoutResult(status -> {
            database.sql("SELECT name FROM relay_lease WHERE name = 'ai-budget' FOR UPDATE")
                    .query(String.class)
                    .single();
            check.accept(used(account.day(), account.site()));
            addTo(account, usage);
        });
    }

    private void addTo(Account account, Usage usage) {
        Object[] day = {account.day(), account.site(), account.provider(), account.isAnonymous()};
        if (update("relay_ai_usage", OF_DAY, usage, day) == 0) {
            int isNew = insert("relay_ai_usage (used_on, site, provider, anonymous)", "?, ?, ?, ?", day);
            update("relay_ai_usage", OF_DAY, usage, day);
            if (isNew == 1) {
                forgetBefore(account.day().minusDays(DAYS_KEPT));
            }
        }
        if (update("relay_event_usage", "event_id = ?", usage, account.event()) == 0) {
            insert("relay_event_usage (event_id)", "?", account.event());
            update("relay_event_usage", "event_id = ?", usage, account.event());
        }
    }

    private int update(String table, String which, Usage usage, Object... key) {
        return database.sql("UPDATE " + table + ADD + which)
                .params(usage.requests(), usage.tokensIn(), usage.tokensOut(), usage.cost())
                .params(key)
                .update();
    }

    private int insert(String columns, String values, Object... key) {
        return database.sql("INSERT INTO " + columns + " VALUES (" + values + ") ON CONFLICT DO NOTHING")
                .params(key)
                .update();
    }

    private void forgetBefore(LocalDate day) {
        database.sql("DELETE FROM relay_ai_usage WHERE used_on < ?").param(day).update();
    }

    /** What counts against the caps of a site in a day. */
    public Used used(LocalDate day, String site) {
        return database.sql("""
                        SELECT COALESCE(sum(tokens_in + tokens_out), 0) AS total,
                            COALESCE(sum(CASE WHEN anonymous THEN tokens_in + tokens_out END), 0) AS all_anonymous,
                            COALESCE(sum(CASE WHEN site = ? THEN tokens_in + tokens_out END), 0) AS of_site,
                            COALESCE(sum(CASE WHEN site = ? AND anonymous THEN tokens_in + tokens_out END), 0)
                                AS anonymous
                        FROM relay_ai_usage WHERE used_on = ?""")
                .params(site, site, day)
                .query((row, number) -> new Used(
                        row.getLong("of_site"),
                        row.getLong("anonymous"),
                        row.getLong("total"),
                        row.getLong("all_anonymous")))
                .single();
    }

    /** As {@link #used(LocalDate, String)} of any site: what all of them used is read now, and once. */
    public Function<String, Used> used(LocalDate day) {
        List<OfDay> sites = days(null, day, Integer.MAX_VALUE).stream()
                .filter(each -> each.day().equals(day))
                .toList();
        Map<String, OfDay> bySite = sites.stream().collect(Collectors.toMap(OfDay::site, each -> each));
        long total = sites.stream().mapToLong(each -> each.usage().tokens()).sum();
        long anonymous = sites.stream().mapToLong(OfDay::anonymous).sum();
        return site -> {
            OfDay own = bySite.getOrDefault(site, new OfDay(day, site, Usage.NONE, 0));
            return new Used(own.usage().tokens(), own.anonymous(), total, anonymous);
        };
    }

    /**
     * The days that something was used in, the latest first.
     *
     * @param site null: of each site
     */
    public List<OfDay> days(String site, LocalDate since, int most) {
        return database.sql("SELECT used_on, site, " + SUMS
                        + ", COALESCE(sum(CASE WHEN anonymous THEN tokens_in + tokens_out END), 0) AS anonymous"
                        + " FROM relay_ai_usage WHERE used_on >= ? AND (site = ? OR CAST(? AS VARCHAR) IS NULL)"
                        + " GROUP BY used_on, site ORDER BY used_on DESC, site LIMIT ?")
                .params(Arrays.asList(since, site, site, most))
                .query((row, number) -> new OfDay(
                        row.getObject("used_on", LocalDate.class),
                        row.getString("site"),
                        usage(row),
                        row.getLong("anonymous")))
                .list();
    }

    /** What was used for one event, in all its attempts. */
    public Usage of(UUID event) {
        return database.sql("SELECT requests, tokens_in, tokens_out, cost FROM relay_event_usage WHERE event_id = ?")
                .param(event)
                .query((row, number) -> usage(row))
                .optional()
                .orElse(Usage.NONE);
    }

    private static Usage usage(ResultSet row) throws SQLException {
        BigDecimal cost = row.getBigDecimal("cost");
        return new Usage(row.getLong("requests"), row.getLong("tokens_in"), row.getLong("tokens_out"), cost);
    }
}
