package operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import events.DeadLetters;
import events.Event;
import events.EventQuery;
import events.Replays;
import events.Replays.Replayed;
import ingress.HttpAnswer;
import ingress.RejectedRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.apache.camel.Exchange;

/** Another chance for events, over HTTP: for one by its key, or batch by batch for all that match a filter. */
public final class ReplayApi {
    /** How many events one request replays at most: one transaction, and one pass over the dead letters. */
    private static final int BATCH = 500;

    private static final Set<String> OF_ONE = Set.of("key", "site", "force", "dry_run");
    private static final Set<String> OF_MANY = QueryParameters.filtersAnd("force", "dry_run", "after");

    private final EventsApi events;
    private final Replays replays;
    private final DeadLetters deadLetters;

    public ReplayApi(EventsApi events, Replays replays, DeadLetters deadLetters) {
        this.events = events;
        this.replays = replays;
        this.deadLetters = deadLetters;
    }

    /** @param next what to give as {@code after} to go on; null when there is no more */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    private record Batch(boolean dryRun, int count, List<Replayed> events, UUID next) {}

    /** @throws RejectedRequest 409 when the event is not dead and not forced, or erased */
    public void replay(Exchange exchange) {
        QueryParameters parameters = QueryParameters.of(exchange, OF_ONE);
        boolean isForced = parameters.flag("force");
        boolean isDryRun = parameters.flag("dry_run");
        Event event = events.event(exchange);
        if (event.erasedAt() != null) {
            throw RejectedRequest.conflict(
                    event.key() + " was erased at " + event.erasedAt() + "; nothing of it is left to replay");
        }
        boolean isReplayed = isDryRun
                ? isForced || event.status().equals("error")
                : withoutDeadLetters(letters -> replays.replay(event.id(), isForced, letters::receive));
        if (!isReplayed) {
            throw needsForce(event.key() + " is " + event.status());
        }
        String status = isDryRun ? event.status() : "queued";
        HttpAnswer.json(
                exchange,
                isDryRun ? 200 : 202,
                Map.of("status", status, "id", event.id(), "key", event.key(), "dry_run", isDryRun));
    }

    /**
     * Without a status, of the dead events only.
     *
     * @throws RejectedRequest 400 without any filter, 409 when the status needs force
     */
    public void replayMatching(Exchange exchange) {
        QueryParameters parameters = QueryParameters.of(exchange, OF_MANY);
        EventQuery query = parameters.filter();
        if (query.isEmpty()) {
            throw RejectedRequest.badRequest(
                    "say which events, by status, event, site, since, until or search; status=error means all dead ones");
        }
        boolean isForced = parameters.flag("force");
        boolean isDryRun = parameters.flag("dry_run");
        UUID after = parameters.id("after");
        EventQuery wanted = query.status() == null ? query.withStatus("error") : query;
        if (!wanted.status().equals("error") && !isForced) {
            throw needsForce("the filter asks for events that are " + wanted.status());
        }
        List<Replayed> batch = isDryRun
                ? replays.preview(wanted, after, BATCH)
                : withoutDeadLetters(letters -> replays.replay(wanted, after, BATCH, letters::receive));
        UUID next = batch.size() < BATCH ? null : batch.get(BATCH - 1).id();
        HttpAnswer.json(exchange, isDryRun ? 200 : 202, new Batch(isDryRun, batch.size(), batch, next));
    }

    /** The broker commits last: if the database does not, the dead letters stay. */
    private <T> T withoutDeadLetters(Function<DeadLetters.Removal, T> replay) {
        try (DeadLetters.Removal letters = deadLetters.remove()) {
            T replayed = replay.apply(letters);
            letters.commit();
            return replayed;
        }
    }

    private static RejectedRequest needsForce(String found) {
        return RejectedRequest.conflict(
                found + "; only dead events (status error) are replayed without force=true, which"
                        + " is --force on the command line");
    }
}
