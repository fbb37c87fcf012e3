package batch;

import events.BatchItems;
import events.FailureReason;
import events.Failures;
import events.HeldBack;
import events.RetryDelays;
import operations.RelayMetrics;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.util.ObjectHelper;
import wordpress.SiteGuard;

/** What the route run-item does with one post or comment of a batch. */
public final class BatchItem {
    private static final String PROPERTY = "RelayBatchItem";
    private static final int UNAUTHORIZED = 401;

    private final BatchItems items;
    private final Failures failures;
    private final RetryDelays retryDelays;
    private final RelayMetrics metrics;

    public BatchItem(BatchItems items, Failures failures, RetryDelays retryDelays, RelayMetrics metrics) {
        this.items = items;
        this.failures = failures;
        this.retryDelays = retryDelays;
        this.metrics = metrics;
    }

    /** For routes: whether it may be begun. The next relay begins what this one has no time for. */
    public boolean mayBegin(Exchange exchange) {
        return !exchange.getContext().isStopping() && BatchRun.page(exchange).takesAnother();
    }

    /** In: one of {@link BatchFetch}. Out: as a single event is given to its automation, with {@link BatchItems#PART}. */
    public void begin(Exchange exchange) {
        Message message = exchange.getMessage();
        BatchFetch.Fetched fetched = message.getBody(BatchFetch.Fetched.class);
        BatchItems.Item item = BatchRun.page(exchange).item(fetched.id());
        exchange.setProperty(PROPERTY, item);
        exchange.setProperty(BatchItems.RETRIES, item.retries());
        exchange.setProperty("RelayPayload", fetched.fields());
        message.setHeader(BatchItems.PART, fetched.id());
        message.setHeader(BatchItems.STANDS_FOR, fetched.event());
        message.setBody(fetched.fields());
    }

    /** WordPress took its result. */
    public void done(Exchange exchange) {
        BatchPage page = BatchRun.page(exchange);
        items.done(page.event().id(), item(exchange).id());
        page.getsOn();
        metrics.calledBack(exchange, false);
    }

    /**
     * For routes: whether what failed fails with all: the site or the AI is not to be asked now or does not let us in, or
     * the event log is away.
     */
    public boolean isOfAll(Exchange exchange) {
        Throwable failure = failure(exchange);
        HttpOperationFailedException answer = FailureReason.answer(failure);
        return ObjectHelper.getException(HeldBack.class, failure) != null
                || failures.isEventLogAway(exchange)
                || answer != null && (answer.getStatusCode() == UNAUTHORIZED || SiteGuard.isWithoutPlugin(answer));
    }

    /** What becomes of the batch then is what becomes of a single event: see failure-policy. */
    public void halt(Exchange exchange) {
        metrics.calledBack(exchange, ObjectHelper.getException(HeldBack.class, failure(exchange)) != null);
        BatchRun.page(exchange).halt(failure(exchange));
    }

    /** For routes: whether a later try may mend it, and one is left. */
    public boolean isToBeRetried(Exchange exchange) {
        return !FailureReason.isLasting(failure(exchange))
                && retryDelays.isLeft(item(exchange).retries());
    }

    public void retryLater(Exchange exchange) {
        BatchItems.Item item = item(exchange);
        String reason = failures.shortReason(exchange);
        record(
                exchange,
                page -> items.retryLater(
                        page.event(), item.id(), retryDelays.next(item.retries(), failure(exchange)), reason));
    }

    public void fail(Exchange exchange) {
        long id = item(exchange).id();
        String reason = failures.shortReason(exchange);
        record(exchange, page -> items.fail(page.event(), id, reason));
    }

    private interface Record {
        void write(BatchPage page);
    }

    /** When that cannot be written down either, all have to wait. */
    private void record(Exchange exchange, Record record) {
        metrics.calledBack(exchange, false);
        BatchPage page = BatchRun.page(exchange);
        try {
            record.write(page);
            page.getsOn();
        } catch (RuntimeException e) {
            page.halt(e);
        }
    }

    private static BatchItems.Item item(Exchange exchange) {
        return exchange.getProperty(PROPERTY, BatchItems.Item.class);
    }

    private static Throwable failure(Exchange exchange) {
        return exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    }
}
