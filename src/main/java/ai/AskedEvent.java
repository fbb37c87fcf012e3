package ai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** One of the events that a model is asked about in one request, while its worker waits for what comes of it. */
final class AskedEvent {
    private static final int KEY_LENGTH = 16;
    private static final long LOOK_AGAIN_MILLIS = 1_000;

    /** Its key in the request and in the answer, 60 random bits: nobody who writes to a site can know that of another. */
    final String key = UUID.randomUUID().toString().replace("-", "").substring(0, KEY_LENGTH);
    /** What the model sees of it. */
    final ObjectNode data;

    final UsageLog.Account account;

    /** Where it is in its trace; null where nobody traces it. */
    final String traceparent;

    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private volatile Spent.Request request;
    private volatile boolean isFirst;

    /**
     * @param model as the server calls it
     * @param fields not checked yet
     */
    record Answer(String model, JsonNode fields) {}

    AskedEvent(ObjectNode data, UsageLog.Account account, String traceparent) {
        this.data = data;
        this.account = account;
        this.traceparent = traceparent;
    }

    /** Whether its worker still waits. */
    boolean isWaitedFor() {
        return !answer.isDone();
    }

    /**
     * A request about it is to go out.
     *
     * @param share in what the request costs
     * @param first whether it is the one that the request counts for, where requests are counted
     */
    void asked(Spent.Request share, boolean first) {
        request = share;
        isFirst = first;
    }

    /** Empty when no request has been about it. */
    Optional<Spent.Request> request() {
        return Optional.ofNullable(request);
    }

    /** Whether it shares a request with another that this counts for. */
    boolean isCountedElsewhere() {
        return request != null && !isFirst;
    }

    void answered(Answer its) {
        answer.complete(its);
    }

    void failed(Throwable failure) {
        answer.completeExceptionally(failure);
    }

    /** There is no answer of its own: it has to be asked about alone. */
    void askAlone() {
        answer.complete(null);
    }

    /**
     * Waits for what comes of it, and throws what failed.
     *
     * @param isOver whether nobody may wait any more
     * @return empty when it has to be asked about alone
     * @throws IOException when nothing came of it in time; nobody is asked about it any more
     */
    Optional<Answer> await(Duration longest, BooleanSupplier isOver) throws Throwable {
        long end = System.nanoTime() + longest.toNanos();
        while (System.nanoTime() < end && !isOver.getAsBoolean()) {
            try {
                return Optional.ofNullable(answer.get(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS));
            } catch (TimeoutException e) {
                // Not yet.
            } catch (ExecutionException e) {
                throw e.getCause();
            } catch (InterruptedException e) {
                answer.cancel(false);
                throw e;
            }
        }
        answer.cancel(false);
        throw new IOException("no answer to a request about several events within " + longest.toSeconds() + " s");
    }
}
