package operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import erasure.PersonErasure;
import events.Erasures.Erased;
import ingress.HttpAnswer;
import ingress.RejectedRequest;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.camel.Exchange;

/** Removes a person's data, over HTTP: of one event by its key, or page by page of all that have the e-mail address. */
public final class EraseApi {
    private static final Set<String> OF_ONE = Set.of("key", "site", "dry_run");
    private static final Set<String> OF_PERSON = Set.of("email_sha256", "site", "dry_run", "after");

    private final EventsApi events;
    private final PersonErasure erasure;

    public EraseApi(EventsApi events, PersonErasure erasure) {
        this.events = events;
        this.erasure = erasure;
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
        List<Erased> erased = isDryRun ? erasure.preview(one) : erasure.erase(one);
        HttpAnswer.json(exchange, 200, new Batch(isDryRun, erased.size(), erased, 0, null));
    }

    /** @throws RejectedRequest 422 without a hash */
    public void erasePerson(Exchange exchange) {
        QueryParameters parameters = QueryParameters.of(exchange, OF_PERSON);
        boolean isDryRun = parameters.flag("dry_run");
        PersonErasure.Page page = erasure.next(
                parameters.sha256("email_sha256"), parameters.text("site"), parameters.id("after"), isDryRun);
        HttpAnswer.json(
                exchange, 200, new Batch(isDryRun, page.events().size(), page.events(), page.unknown(), page.last()));
    }
}
