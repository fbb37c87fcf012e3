package operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import events.DeadLetters;
import events.Erasures;
import events.Erasures.Erased;
import ingress.EmailMatch;
import ingress.HttpAnswer;
import ingress.RejectedRequest;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes a person's data, over HTTP: of one event by its key, or page by page of all that have the e-mail address. */
public final class EraseApi {
    /** How many events one request looks through at most: payloads of up to 256 KiB, all in memory. */
    private static final int PAGE = 100;

    private static final Set<String> OF_ONE = Set.of("key", "site", "dry_run");
    private static final Set<String> OF_PERSON = Set.of("email_sha256", "site", "dry_run", "after");

    private static final Logger LOG = LoggerFactory.getLogger(EraseApi.class);

    private final EventsApi events;
    private final Erasures erasures;
    private final DeadLetters deadLetters;
    private final EmailMatch match;

    public EraseApi(EventsApi events, Erasures erasures, DeadLetters deadLetters, EmailMatch match) {
        this.events = events;
        this.erasures = erasures;
        this.deadLetters = deadLetters;
        this.match = match;
    }

    /**
     * @param unknown how many events may be of the person, since what they have encrypted does not open
     * @param next what to give as {@code after} to go on; null when there is no more
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    private record Batch(boolean dryRun, int count, List<Erased> events, int unknown, UUID next) {}

    /** One that was erased before is erased again. */
    public void erase(Exchange exchange) {
        QueryParameters parameters = QueryParameters.of(exchange, OF_ONE);
        boolean isDryRun = parameters.flag("dry_run");
        List<UUID> one = List.of(events.event(exchange).id());
        List<Erased> erased = isDryRun ? erasures.preview(one) : erase(one);
        HttpAnswer.json(exchange, 200, new Batch(isDryRun, erased.size(), erased, 0, null));
    }

    /** @throws RejectedRequest 422 without a hash */
    public void erasePerson(Exchange exchange) {
        QueryParameters parameters = QueryParameters.of(exchange, OF_PERSON);
        boolean isDryRun = parameters.flag("dry_run");
        String sha256 = parameters.sha256("email_sha256");
        AtomicInteger unknown = new AtomicInteger();
        Erasures.Page page = erasures.find(
                event -> {
                    EmailMatch.Result result = match.of(event, sha256);
                    unknown.addAndGet(result == EmailMatch.Result.UNKNOWN ? 1 : 0);
                    return result == EmailMatch.Result.YES;
                },
                parameters.text("site"),
                parameters.id("after"),
                PAGE);
        List<Erased> erased = isDryRun ? erasures.preview(page.found()) : erase(page.found());
        HttpAnswer.json(exchange, 200, new Batch(isDryRun, erased.size(), erased, unknown.get(), page.last()));
    }

    /** Their letters too: the broker commits last, so if the database does not, they stay. */
    private List<Erased> erase(List<UUID> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        try (DeadLetters.Removal letters = deadLetters.remove()) {
            List<Erased> erased = erasures.erase(ids, letters::receive);
            letters.commit();
            LOG.info("{} events were erased", erased.size());
            return erased;
        }
    }
}
