package crm;

import events.FailureReason;
import java.io.IOException;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import wordpress.Patience;

/**
 * Stands around whatever tells a CRM of a lead, for the route qualify-lead: a CRM that is silent must not take every
 * worker, and what fails there is to be known as the CRM's failure and not as WordPress'.
 */
public final class CrmGuard {
    /** The exchange property with the {@link Patience.Call} under way. */
    private static final String CALL = "RelayCrmCall";

    private static final String THE_CRM = "the CRM";

    private final Patience patience;

    /** @param workers how many events are worked on at once */
    public CrmGuard(int workers) {
        this.patience = new Patience(THE_CRM, workers);
    }

    /** @throws events.HeldBack when enough others wait for the CRM already */
    public void enter(Exchange exchange) {
        exchange.setProperty(CALL, patience.begin());
    }

    /** It was told, or did not have to be. */
    public void answered(Exchange exchange) {
        patience.end((Patience.Call) exchange.removeProperty(CALL), null);
    }

    /**
     * Throws what went wrong again, with the CRM's name on it. The status and {@code Retry-After} stay, for
     * failure-policy. The answer's text and the address do not: the one may repeat the lead, the other hold a token, and
     * the reason of a failure is logged.
     */
    public void failed(Exchange exchange) throws Exception {
        Exception failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        if (exchange.removeProperty(CALL) instanceof Patience.Call call) {
            patience.end(call, failure);
        }
        HttpOperationFailedException answer = FailureReason.answer(failure);
        if (answer != null) {
            throw new HttpOperationFailedException(
                    THE_CRM, answer.getStatusCode(), null, null, answer.getResponseHeaders(), null);
        }
        if (failure instanceof IOException) {
            throw new IOException(THE_CRM + " did not answer: " + FailureReason.of(failure), failure);
        }
        throw failure;
    }
}
