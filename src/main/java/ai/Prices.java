package ai;

import java.math.BigDecimal;

/**
 * What a provider takes.
 *
 * @param in for a million tokens of what it is asked, in whatever currency; 0: nothing, or not known
 * @param out the same for what it answers
 */
public record Prices(BigDecimal in, BigDecimal out) {
    private static final int A_MILLION = 6;

    BigDecimal cost(long tokensIn, long tokensOut) {
        BigDecimal forAMillion =
                in.multiply(BigDecimal.valueOf(tokensIn)).add(out.multiply(BigDecimal.valueOf(tokensOut)));
        return forAMillion.movePointLeft(A_MILLION);
    }
}
