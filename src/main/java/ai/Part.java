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

/** One of the events that a model is asked about in one request, while its worker waits for what comes of it. */
final class Part {
    private static final int KEY_LENGTH = 8;

    /** Its key in the request and in the answer: nobody who writes to a site can know that of another. */
    final String key = UUID.randomUUID().toString().substring(0, KEY_LENGTH);
    /** What the model sees of it. */
    final ObjectNode data;

    final UsageLog.Account account;

    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private volatile Spent.Request request;

    /**
     * @param model as the server calls it
     * @param fields not checked yet
     */
    record Answer(String model, JsonNode fields) {}

    Part(ObjectNode data, UsageLog.Account account) {
        this.data = data;
        this.account = account;
    }

    /** Its share in the request, which is about to go out. */
    void asked(Spent.Request share) {
        request = share;
    }

    /** Empty when no request has been about it. */
    Optional<Spent.Request> request() {
        return Optional.ofNullable(request);
    }

    void answered(Answer its) {
        answer.complete(its);
    }

    void failed(Throwable failure) {
        answer.completeExceptionally(failure);
    }

    /** There is no answer of its own: it has to be asked about alone. */
    void leave() {
        answer.complete(null);
    }

    /**
     * Waits for what comes of it, and throws what failed.
     *
     * @return empty when it has to be asked about alone
     */
    Optional<Answer> await(Duration longest) throws Throwable {
        try {
            return Optional.ofNullable(answer.get(longest.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException e) {
            throw e.getCause();
        } catch (TimeoutException e) {
            throw new IOException("no answer for several events together in " + longest.toSeconds() + " s", e);
        }
    }
}
