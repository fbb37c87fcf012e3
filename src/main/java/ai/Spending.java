package ai;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.util.ObjectHelper;
import org.apache.hc.client5.http.ConnectTimeoutException;

/**
 * What it takes to ask a paid provider: from the budget before a request goes out, and into the usage log when the ask has
 * ended, however it did. A provider that none of this is told of, such as the local one, costs nothing, no statement
 * either.
 */
public final class Spending {
    /** What is said to be the mean of English; of other languages it is more, and they have more bytes as well. */
    private static final int BYTES_A_TOKEN = 4;

    private final UsageLog log;
    private final Budget budget;
    private final Prices prices;
    private final Predicate<String> isAnonymous;
    private final MeterRegistry meters;

    /** @param isAnonymous whether an event, by its name, is one that anybody may cause */
    public Spending(UsageLog log, Budget budget, Prices prices, Predicate<String> isAnonymous, MeterRegistry meters) {
        this.log = log;
        this.budget = budget;
        this.prices = prices;
        this.isAnonymous = isAnonymous;
        this.meters = meters;
    }

    /**
     * For the route of a provider, just before each request: the body is what is to be sent, the headers {@code RelayId},
     * {@code RelaySite}, {@code RelayEvent} and {@code RelayAiProvider} say for whom and to whom.
     *
     * @throws BudgetSpent when today's budget does not have as much as it is likely to use
     */
    public void reserve(Exchange exchange) {
        Message message = exchange.getMessage();
        if (message.getHeader("RelayId") == null) {
            return; // Nobody's, such as the questions of bin/evaluate.
        }
        Spent.of(exchange).add(reserve(account(message), tokens(message.getBody(String.class))));
    }

    /**
     * The same, for what is to be added to the {@link Spent} of an ask.
     *
     * @param estimate of the tokens that go out
     */
    Spent.Request reserve(UsageLog.Account account, long estimate) {
        Usage likely = usage(1, estimate, 0);
        boolean isTaken = budget.take(account, likely);
        return new Spent.Request(account, estimate, isTaken ? likely : Usage.NONE);
    }

    /** About as many as the text has, and at least one if there is any. */
    static long tokens(String text) {
        return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length / BYTES_A_TOKEN + 1;
    }

    /** To whom the ask of a message is put down. */
    UsageLog.Account account(Message message) {
        return new UsageLog.Account(
                budget.today(),
                message.getHeader("RelaySite", String.class),
                message.getHeader("RelayAiProvider", String.class),
                isAnonymous.test(message.getHeader("RelayEvent", "", String.class)),
                UUID.fromString(message.getHeader("RelayId", String.class)));
    }

    /**
     * When an ask has ended: puts down what its requests used. Again, it does nothing.
     *
     * @param isAnswered whether the provider in the header {@code RelayAiProvider} did. One whose route reserves nothing is
     *     put down too if it leaves {@code RelayAiTokensIn} and {@code RelayAiTokensOut} with its answer
     */
    void settle(Exchange exchange, boolean isAnswered) {
        Spent spent = Spent.of(exchange);
        takeHeaders(exchange.getMessage(), spent);
        for (Spent.Request request : spent.unsettled()) {
            settle(request, used(request, request == spent.latest() && mayBeBilled(request, exchange, isAnswered)));
        }
    }

    /** Of a provider whose requests nobody counted one by one. */
    private void takeHeaders(Message message, Spent spent) {
        if (message.getHeader("RelayAiTokensIn") == null
                || spent.isCounted(message.getHeader("RelayAiProvider", String.class))) {
            return;
        }
        UsageLog.Account account = account(message);
        if (spent.isNothing() || !spent.latest().account.provider().equals(account.provider())) {
            spent.add(new Spent.Request(account, 0, Usage.NONE));
        }
        long tokensIn = message.getHeader("RelayAiTokensIn", 0L, Long.class);
        spent.latest().count(tokensIn, message.getHeader("RelayAiTokensOut", 0L, Long.class));
    }

    private void settle(Spent.Request request, Usage used) {
        Usage taken = request.taken;
        log.add(
                request.account,
                new Usage(
                        used.requests() - taken.requests(),
                        used.tokensIn() - taken.tokensIn(),
                        used.tokensOut() - taken.tokensOut(),
                        used.cost().subtract(taken.cost())));
        request.settled();
        count(request.account, used);
    }

    private Usage used(Spent.Request request, boolean mayBeBilled) {
        return request.isCounted()
                ? usage(1, request.tokensIn(), request.tokensOut())
                : usage(1, mayBeBilled ? request.estimate : 0, 0);
    }

    /**
     * Where the server does not say: it answered, or may work on what it was sent and bill it although nobody waits any
     * more. A request that it refused or never got costs nothing.
     */
    private static boolean mayBeBilled(Spent.Request request, Exchange exchange, boolean isAnswered) {
        if (isAnswered
                && request.account.provider().equals(exchange.getMessage().getHeader("RelayAiProvider"))) {
            return true;
        }
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, exchange.getException(), Throwable.class);
        return has(failure, UnusableAnswer.class) || has(failure, IOException.class) && !neverGotThere(failure);
    }

    private static boolean neverGotThere(Throwable failure) {
        return Stream.of(
                        HttpOperationFailedException.class,
                        ConnectException.class,
                        ConnectTimeoutException.class,
                        NoRouteToHostException.class,
                        UnknownHostException.class)
                .anyMatch(kind -> has(failure, kind));
    }

    /** @param failure may be null */
    private static boolean has(Throwable failure, Class<? extends Throwable> kind) {
        return failure != null && ObjectHelper.getException(kind, failure) != null;
    }

    private Usage usage(long requests, long tokensIn, long tokensOut) {
        BigDecimal cost = prices.cost(tokensIn, tokensOut);
        return new Usage(requests, tokensIn, tokensOut, cost);
    }

    private void count(UsageLog.Account account, Usage used) {
        count("in", account, used.tokensIn());
        count("out", account, used.tokensOut());
        Counter.builder("relay.ai.cost")
                .description("What the tokens cost, in the currency of AI_PRICE_IN and AI_PRICE_OUT")
                .tags("provider", account.provider(), "site", account.site())
                .register(meters)
                .increment(used.cost().doubleValue());
    }

    private void count(String kind, UsageLog.Account account, long tokens) {
        Counter.builder("relay.ai.tokens")
                .description("Tokens that paid AI providers were sent (in) and answered (out)")
                .tags("kind", kind)
                .register(meters)
                .increment(tokens);
        Counter.builder("relay.ai.site.tokens")
                .description("Those of a site")
                .tags("kind", kind, "site", account.site())
                .register(meters)
                .increment(tokens);
    }
}
