package operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import events.DeadLetters;
import events.Event;
import events.EventPages;
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
import java.util.stream.Collectors;
import org.apache.camel.Exchange;

/** Another chance for events, over HTTP: for one by its key, for some by their ids, or batch by
 * batch for all that match a filter. */
public final class ReplayApi {
    /** How many events one request replays at most: one transaction, and one pass over the dead letters. */
    private static final int MOST = 500;

    /** Up to where a dry run counts. */
    private static final int MOST_COUNTED = 10_000;

    private static final Set<String> OF_ONE = Set.of("key", "site", "force", "dry_run");
    private static final Set<String> OF_MANY = QueryParameters.filtersAnd("force", "dry_run", "after");

    private final EventsApi events;
    private final EventPages pages;
    private final Replays replays;
    private final DeadLetters deadLetters;

    public ReplayApi(EventsApi events, EventPages pages, Replays replays, DeadLetters deadLetters) {
        this.events = events;
        this.pages = pages;
        this.replays = replays;
        this.deadLetters = deadLetters;
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
            List<Replayed> events,
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
     * Of a body with {@code ids}, these; else the next that match, and without a status only of the dead ones.
     *
     * @throws RejectedRequest 400 without ids and any filter, 409 when the status needs force, 415 and 422 for a body that
     *     is something else
     */
    public void replayMatching(Exchange exchange) {
        QueryParameters parameters = QueryParameters.of(exchange, OF_MANY);
        boolean isForced = parameters.flag("force");
        boolean isDryRun = parameters.flag("dry_run");
        List<UUID> ids = SelectedEvents.of(exchange, MOST);
        EventQuery query = parameters.filter();
        if (ids != null) {
            if (!query.isEmpty()) {
                throw RejectedRequest.badRequest("give ids or filters, not both");
            }
            answer(exchange, isDryRun, selected(ids, isForced, isDryRun));
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
        answer(exchange, isDryRun, next(wanted, parameters.id("after"), isDryRun));
    }

    private static void answer(Exchange exchange, boolean isDryRun, Batch batch) {
        HttpAnswer.json(exchange, isDryRun ? 200 : 202, batch);
    }

    private Batch next(EventQuery wanted, UUID after, boolean isDryRun) {
        Replays.Batch batch = isDryRun
                ? replays.preview(wanted, after, MOST)
                : withoutDeadLetters(letters -> replays.replay(wanted, after, MOST, letters::receive));
        EventPages.Count all = isDryRun && after == null ? pages.count(wanted, MOST_COUNTED) : null;
        return new Batch(
                isDryRun,
                batch.events().size(),
                batch.events(),
                all == null ? null : all.number(),
                all == null ? null : all.isExact(),
                null,
                batch.next());
    }

    private Batch selected(List<UUID> ids, boolean isForced, boolean isDryRun) {
        Map<UUID, String> statuses = pages.statuses(ids);
        List<Replayed> replayed = isDryRun
                ? replays.preview(ids, isForced)
                : withoutDeadLetters(letters -> replays.replay(ids, isForced, letters::receive));
        Set<UUID> done = replayed.stream().map(Replayed::id).collect(Collectors.toSet());
        List<Skipped> skipped = ids.stream()
                .filter(id -> !done.contains(id))
                .map(id -> new Skipped(id, statuses.containsKey(id) ? "is " + statuses.get(id) : "is not there"))
                .toList();
        return new Batch(isDryRun, replayed.size(), replayed, null, null, skipped, null);
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
