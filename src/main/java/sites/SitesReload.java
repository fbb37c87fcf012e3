package sites;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.camel.support.service.ServiceSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the sites file now and then. What it says anew holds from the next request on; while it cannot be used, what
 * it said before does.
 */
public final class SitesReload extends ServiceSupport {
    private static final Logger LOG = LoggerFactory.getLogger(SitesReload.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

    private final SitesFile file;
    private final Consumer<SitesFile.Content> apply;
    private final ScheduledExecutorService executor =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "sites-reload"));
    private SitesFile.Content current;
    private String problem;

    /** @param current what it said at the start */
    public SitesReload(SitesFile file, SitesFile.Content current, Consumer<SitesFile.Content> apply) {
        this.file = file;
        this.current = current;
        this.apply = apply;
    }

    @Override
    protected void doStart() {
        long millis = BETWEEN_LOOKS.toMillis();
        executor.scheduleWithFixedDelay(this::look, millis, millis, TimeUnit.MILLISECONDS);
    }

    @Override
    protected void doStop() {
        executor.shutdownNow();
    }

    void look() {
        try {
            SitesFile.Content content = file.read();
            // After a problem also when it says what it said before: the operator is to read that it is mended.
            if (problem != null || !content.isAs(current)) {
                apply.accept(content);
                current = content;
                problem = null;
                LOG.info("{} was read again: {} sites", file, content.sites().size());
            }
        } catch (IOException | RuntimeException e) {
            // Said once for each thing that is wrong.
            if (!String.valueOf(e.getMessage()).equals(problem)) {
                problem = String.valueOf(e.getMessage());
                LOG.warn("{} cannot be used, and the sites stay as they were: {}", file, problem);
            }
        }
    }
}
