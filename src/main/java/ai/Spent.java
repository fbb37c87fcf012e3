package ai;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;

/**
 * The requests of one ask to paid providers. It is one object for all the copies of an exchange, since
 * the headers of a message are gone when an answer breaks off ({@link KeptHeaders}).
 */
final class Spent {
    private static final String PROPERTY = "RelayAiSpent";

    private final List<Request> requests = new ArrayList<>();

    /** One request; what it used is an estimate until the server says. */
    static final class Request {
        final UsageLog.Account account;
        /** Of what goes out. */
        final long estimate;
        /** What stands in the usage log already. */
        final Usage taken;

        private long tokensIn = -1;
        private long tokensOut;
        private boolean isSettled;

        Request(UsageLog.Account account, long estimate, Usage taken) {
            this.account = account;
            this.estimate = estimate;
            this.taken = taken;
        }

        boolean isCounted() {
            return tokensIn >= 0;
        }

        void count(long in, long out) {
            tokensIn = in;
            tokensOut = out;
        }

        long tokensIn() {
            return tokensIn;
        }

        long tokensOut() {
            return tokensOut;
        }

        void settled() {
            isSettled = true;
        }
    }

    /** Begins an ask. */
    static void begin(Exchange exchange) {
        exchange.setProperty(PROPERTY, new Spent());
    }

    /** Of the ask that the exchange is in, which may begin with this. */
    static Spent of(Exchange exchange) {
        Spent spent = exchange.getProperty(PROPERTY, Spent.class);
        if (spent == null) {
            spent = new Spent();
            exchange.setProperty(PROPERTY, spent);
        }
        return spent;
    }

    /** The server says what the latest request used. */
    static void count(Exchange exchange, long tokensIn, long tokensOut) {
        Spent spent = of(exchange);
        if (!spent.isNothing()) {
            spent.latest().count(tokensIn, tokensOut);
        }
    }

    void add(Request request) {
        requests.add(request);
    }

    boolean isNothing() {
        return requests.isEmpty();
    }

    /** Whether a provider said of one of them what it used. */
    boolean isCounted(String provider) {
        return requests.stream()
                .anyMatch(request ->
                        request.isCounted() && request.account.provider().equals(provider));
    }

    Request latest() {
        return requests.get(requests.size() - 1);
    }

    /** Those whose end is not in the usage log. */
    List<Request> unsettled() {
        return requests.stream().filter(request -> !request.isSettled).toList();
    }
}
