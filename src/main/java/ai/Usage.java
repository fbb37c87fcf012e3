package ai;

import java.math.BigDecimal;

/**
 * What was used of paid providers.
 *
 * @param cost estimated, in the currency of the prices
 */
public record Usage(long requests, long tokensIn, long tokensOut, BigDecimal cost) {
    public static final Usage NONE = new Usage(0, 0, 0, BigDecimal.ZERO);

    public long tokens() {
        return tokensIn + tokensOut;
    }
}
