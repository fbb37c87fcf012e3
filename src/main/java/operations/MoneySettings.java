package operations;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * What paid AI providers take, and what may be used of them in a day (UTC).
 *
 * @param priceIn for a million tokens that are sent, in whatever currency; 0: nothing, or not known
 * @param priceOut the same for what is answered
 * @param dailyTokens of one site; 0: as many as it likes
 * @param dailyTokensTotal of all sites; 0: as many as they like
 * @param dailyTokensAnonymous of one site, caused by visitors, 0 for as many as the site; empty: half as many
 */
public record MoneySettings(
        BigDecimal priceIn,
        BigDecimal priceOut,
        long dailyTokens,
        long dailyTokensTotal,
        Optional<Long> dailyTokensAnonymous) {
    private static final long MOST_TOKENS = 1_000_000_000_000L;

    static MoneySettings of(SettingsSource source) {
        MoneySettings money = new MoneySettings(
                source.amount("AI_PRICE_IN"),
                source.amount("AI_PRICE_OUT"),
                source.optionalNumber("AI_DAILY_TOKENS", MOST_TOKENS).orElse(0L),
                source.optionalNumber("AI_DAILY_TOKENS_TOTAL", MOST_TOKENS).orElse(0L),
                source.optionalNumber("AI_DAILY_TOKENS_ANONYMOUS", MOST_TOKENS));
        long anonymous = money.dailyTokensAnonymous().orElse(0L);
        if (money.dailyTokens() > 0 && anonymous > money.dailyTokens()) {
            throw SettingsException.wrong(
                    "AI_DAILY_TOKENS_ANONYMOUS",
                    Long.toString(anonymous),
                    "a part of AI_DAILY_TOKENS, which is " + money.dailyTokens());
        }
        return money;
    }
}
