package sites;

import files.Watch;
import java.io.IOException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the sites file now and then. What it says anew holds from the next request on; while it cannot be used, what
 * it said before does.
 */
public final class SitesReload extends Watch {
    private static final Logger LOG = LoggerFactory.getLogger(SitesReload.class);

    private final SitesFile file;
    private final Consumer<SitesFile.Content> apply;
    private SitesFile.Content current;
    private String problem;

    /** @param current what it said at the start */
    public SitesReload(SitesFile file, SitesFile.Content current, Consumer<SitesFile.Content> apply) {
        super("sites-reload");
        this.file = file;
        this.current = current;
        this.apply = apply;
    }

    @Override
    protected void look() {
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
