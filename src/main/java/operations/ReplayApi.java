package operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import events.Event;
import events.EventPages;
import events.EventQuery;
import events.EventQuery.Row;
import events.Replays;
import ingress.HttpAnswer;
import ingress.RejectedRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;

/** {@link Replaying} over HTTP: one event by its key, some by their ids, or batch by batch all that match a filter. */
public final class ReplayApi {
    private static final Set<String> OF_ONE = Set.of("key", "site", "force", "dry_run");
    private static final Set<String> OF_MANY = QueryParameters.filtersAnd("force", "dry_run", "after");

    private final EventsApi events;
    private final Replaying replaying;

    public ReplayApi(EventsApi events, Replaying replaying) {
        this.events = events;
        this.replaying = replaying;
    }

    /**
     * @param matching how many match in all, and whether that is all of them; of the first batch of a dry run
     * @param skipped those of the given ids that are not replayed, with the reason
     * @param next what to give as {@code after} to go on; null when there is no more
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    private record Batch(
            boolean dryRun,
            int count,
            List<Row> events,
            Integer matching,
            Boolean matchingIsExact,
            List<Skipped> skipped,
            UUID next) {}

    /** @param reason such as {@code is done} */
    private record Skipped(UUID id, String reason) {}

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
                : replaying.replay(event.id(), isForced, Caller.of(exchange));
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
     * Of a body with {@code ids}, these; else the next that match, and without a status only of the dead ones.
     *
     * @throws RejectedRequest 400 without ids and any filter, 409 when the status needs force, 415 and 422 for a body that
     *     is something else
     */
    public void replayMatching(Exchange exchange) {
        QueryParameters parameters = QueryParameters.of(exchange, OF_MANY);
        boolean isForced = parameters.flag("force");
        boolean isDryRun = parameters.flag("dry_run");
        List<UUID> ids = SelectedEvents.of(exchange, Replaying.BATCH);
        EventQuery query = parameters.filter();
        if (ids != null) {
            if (!query.isEmpty()) {
                throw RejectedRequest.badRequest("give ids or filters, not both");
            }
            answer(exchange, isDryRun, selected(exchange, ids, isForced, isDryRun));
            return;
        }
        if (query.isEmpty()) {
            throw RejectedRequest.badRequest(
                    "say which events, by status, event, site, since, until or search; status=error means all dead ones");
        }
        EventQuery wanted = query.status() == null ? query.withStatus("error") : query;
        if (!wanted.status().equals("error") && !isForced) {
            throw needsForce("the filter asks for events that are " + wanted.status());
        }
        answer(exchange, isDryRun, next(exchange, wanted, parameters.id("after"), isDryRun));
    }

    private static void answer(Exchange exchange, boolean isDryRun, Batch batch) {
        HttpAnswer.json(exchange, isDryRun ? 200 : 202, batch);
    }

    private Batch next(Exchange exchange, EventQuery wanted, UUID after, boolean isDryRun) {
        Replays.Batch batch = isDryRun
                ? replaying.preview(wanted, after, Replaying.BATCH)
                : replaying.replay(wanted, after, Caller.of(exchange));
        EventPages.Count all = isDryRun && after == null ? replaying.count(wanted, null) : null;
        return new Batch(
                isDryRun,
                batch.events().size(),
                batch.events(),
                all == null ? null : all.number(),
                all == null ? null : all.isExact(),
                null,
                batch.next());
    }

    private Batch selected(Exchange exchange, List<UUID> ids, boolean isForced, boolean isDryRun) {
        Map<UUID, String> statuses = replaying.statuses(ids);
        List<Row> replayed =
                isDryRun ? replaying.preview(ids, isForced) : replaying.replay(ids, isForced, Caller.of(exchange));
        Set<UUID> done = replayed.stream().map(Row::id).collect(Collectors.toSet());
        List<Skipped> skipped = ids.stream()
                .filter(id -> !done.contains(id))
                .map(id -> new Skipped(id, statuses.containsKey(id) ? "is " + statuses.get(id) : "is not there"))
                .toList();
        return new Batch(isDryRun, replayed.size(), replayed, null, null, skipped, null);
    }

    private static RejectedRequest needsForce(String found) {
        return RejectedRequest.conflict(
                found + "; only dead events (status error) are replayed without force=true, which"
                        + " is --force on the command line");
    }
}
