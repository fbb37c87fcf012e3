package operations;

import ingress.HttpAnswer;
import ingress.RejectedRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Set;
import org.apache.camel.Exchange;
import statistics.Overview;

/** {@code /overview} on the management port: how it goes, and how it went. */
public final class OverviewApi {
    private static final Set<String> PARAMETERS = Set.of("since", "until");
    private static final Duration SPAN = Duration.ofHours(1);

    private final Overview overview;
    private final Clock clock;

    public OverviewApi(Overview overview, Clock clock) {
        this.overview = overview;
        this.clock = clock;
    }

    /** Of the last hour, unless it is told another span. */
    public void show(Exchange exchange) {
        QueryParameters parameters = QueryParameters.of(exchange, PARAMETERS);
        OffsetDateTime until = parameters.time("until");
        OffsetDateTime end = until == null ? OffsetDateTime.now(clock) : until;
        OffsetDateTime since = parameters.time("since");
        OffsetDateTime begin = since == null ? end.minus(SPAN) : since;
        if (!begin.isBefore(end) || begin.isBefore(end.minus(Overview.LONGEST))) {
            throw RejectedRequest.invalidParameter(
                    "since", "must be before until, and at most " + Overview.LONGEST.toDays() + " days");
        }
        HttpAnswer.json(exchange, 200, overview.report(begin.toInstant(), end.toInstant()));
    }
}
