package batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import events.BatchItems;
import events.BatchItems.Progress;
import events.Event;
import events.Failures;
import events.Lanes;
import events.PermanentFailure;
import events.Unfinished;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import sites.Sites;

/**
 * What the route run-batch does with a batch: it takes the next page, and when all pages are through it sums up. How far a
 * batch is stands in the table of its items and nowhere else.
 */
public final class BatchRun {
    /** The exchange property with the {@link BatchPage} of this attempt. */
    static final String PAGE = "RelayBatchPage";

    /** The exchange property with the task of the event, such as {@code enrich_posts}. */
    static final String TASK = "RelayBatchTask";

    /** Those that run-item has an automation for; a schema of the user's may let others in. */
    private static final List<String> TASKS = List.of("enrich_posts", "moderate_comments");

    /** A quarter of the workers. */
    private static final int WORKERS_A_LANE = 4;

    private static final int MOST_FAILURES = 50;
    private static final int LONGEST_REASON = 300;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final BatchItems items;
    private final Sites sites;
    private final Lanes lanes;
    private final Clock clock;

    /** @param workers how many events are worked on at once */
    public BatchRun(BatchItems items, Sites sites, int workers, Clock clock) {
        this.items = items;
        this.sites = sites;
        this.lanes = new Lanes(Math.max(1, workers / WORKERS_A_LANE), "other batches", clock);
        this.clock = clock;
    }

    /**
     * In: the event. Out: its next page and its task, as properties.
     *
     * @throws PermanentFailure when there is no site to fetch anything from, or no such task
     * @throws events.HeldBack when enough other batches are worked on
     */
    public void beginPage(Exchange exchange) {
        Event event = exchange.getProperty(Failures.EVENT, Event.class);
        Map<?, ?> batch = exchange.getProperty("RelayPayload", Map.class);
        if (!sites.hasAddress(event.site())) {
            throw new PermanentFailure(
                    "a batch is of posts or comments that are fetched from the site, and no address of" + " site '"
                            + event.site()
                            + "' is known: set WP_SITE_URL (or its url in RELAY_SITES_FILE) and replay it");
        }
        if (!TASKS.contains(batch.get("task"))) {
            throw new PermanentFailure(
                    "a batch has no task '" + batch.get("task") + "'; it should be one of " + String.join(", ", TASKS));
        }
        lanes.enter(exchange);
        items.open(event, ids(batch));
        exchange.setProperty(TASK, batch.get("task"));
        exchange.setProperty(PAGE, new BatchPage(event, items.next(event.id(), BatchPage.MOST)));
    }

    private static List<Long> ids(Map<?, ?> batch) {
        return ((List<?>) batch.get("ids"))
                .stream().map(id -> ((Number) id).longValue()).distinct().toList();
    }

    /** For routes: whether something is to be done now. */
    public boolean hasItems(Exchange exchange) {
        return !page(exchange).isEmpty();
    }

    /**
     * Out: when nothing is left, the summary as body, for the call-back.
     *
     * @throws Unfinished when something is
     * @throws Exception what halted the page
     */
    public void endPage(Exchange exchange) throws Exception {
        if (page(exchange).hasGotOn()) {
            // What it has waited for was there in between.
            exchange.removeProperty(Failures.HELD_SINCE);
        }
        page(exchange).check();
        Event event = page(exchange).event();
        Progress progress = items.progress(event.id());
        if (progress.total() == 0) {
            throw new PermanentFailure("the event was erased while it was worked on");
        }
        Map<String, Object> summary = summary(exchange, progress);
        if (!progress.isOver()) {
            throw goOn(summary, progress);
        }
        summary.put("failures", failures(event));
        Message message = exchange.getMessage();
        message.removeHeaders("*", "Relay*");
        message.setHeader("RelayAiTask", BatchItems.ACTION);
        if (event.replays() > 0) {
            // WordPress refuses another summary under the same key.
            message.setHeader(BatchItems.PART, event.replays());
        }
        message.setBody(summary);
    }

    private Unfinished goOn(Map<String, Object> summary, Progress progress) throws JsonProcessingException {
        int left = progress.total() - progress.done() - progress.failed();
        boolean waits = progress.nextDue().isAfter(clock.instant());
        Instant next = lanes.next();
        return new Unfinished(
                waits ? "waits for another try of the " + left + " that are left" : null,
                JSON.writeValueAsString(summary),
                progress.nextDue().isAfter(next) ? progress.nextDue() : next);
    }

    private static Map<String, Object> summary(Exchange exchange, Progress progress) {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("task", exchange.getProperty(TASK));
        summary.put("done", progress.done());
        summary.put("failed", progress.failed());
        summary.put("total", progress.total());
        return summary;
    }

    private List<Map<String, Object>> failures(Event event) {
        return items.failures(event.id(), MOST_FAILURES).stream()
                .map(failure -> Map.<String, Object>of("id", failure.id(), "reason", shortened(failure.reason())))
                .toList();
    }

    private static String shortened(String reason) {
        return reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON) + "…";
    }

    /** In: the summary. @throws PermanentFailure when nothing at all could be done */
    public void end(Exchange exchange) {
        Map<?, ?> summary = exchange.getMessage().getBody(Map.class);
        if (Integer.valueOf(0).equals(summary.get("done"))) {
            Map<?, ?> first = (Map<?, ?>) ((List<?>) summary.get("failures")).get(0);
            throw new PermanentFailure("none of its " + summary.get("total") + " could be done; " + first.get("id")
                    + ": " + first.get("reason"));
        }
    }

    static BatchPage page(Exchange exchange) {
        return exchange.getProperty(PAGE, BatchPage.class);
    }
}
