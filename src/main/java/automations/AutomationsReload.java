package automations;

import files.Watch;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at {@code RELAY_AUTOMATIONS_DIR} every second. What is changed there holds once two looks have found the same, so
 * that neither half a file is read nor one of two that belong together. A directory that is away for a while, as when
 * another is put in its place, changes nothing: an automation goes when its file goes.
 */
public final class AutomationsReload extends Watch {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(AutomationsReload.class);

    private final AutomationsDirectory directory;
    private final BiConsumer<Map<String, Source>, Boolean> schemas;
    private final BiConsumer<Map<String, Source>, Boolean> tasks;
    private final OwnRoutes routes;
    private Map<String, Source> applied;
    private Map<String, Source> seen;
    private String problem;

    /**
     * Reads schemas and tasks. The routes follow with {@link #startRoutes}, since they need those of the relay.
     *
     * @param schemas takes the files of events, by their names within {@code schemas/}, and whether the relay starts
     * @param tasks takes the files of tasks, by their names within the directory, in the same way
     * @throws IOException when the directory cannot be read
     */
    public AutomationsReload(
            AutomationsDirectory directory,
            BiConsumer<Map<String, Source>, Boolean> schemas,
            BiConsumer<Map<String, Source>, Boolean> tasks,
            OwnRoutes routes)
            throws IOException {
        super("automations-reload", BETWEEN_LOOKS);
        this.directory = directory;
        this.schemas = schemas;
        this.tasks = tasks;
        this.routes = routes;
        this.applied = directory.read().orElse(Map.of());
        this.seen = applied;
        tasks.accept(ofTasks(applied), true);
        schemas.accept(ofEvents(applied), true);
    }

    /** To be called once, when the relay's own routes are there, and before any event is worked on. */
    public void startRoutes() {
        routes.takeStock();
        routes.replace(ofRoutes(applied), true);
        if (!applied.isEmpty()) {
            LOG.info("RELAY_AUTOMATIONS_DIR ({}) has {}", directory, String.join(", ", applied.keySet()));
        }
    }

    @Override
    protected void look() {
        try {
            Optional<Map<String, Source>> found = directory.read();
            if (found.isEmpty() && !applied.isEmpty()) {
                throw new IOException("there is no such directory");
            }
            Map<String, Source> now = found.orElse(Map.of());
            boolean isSettled = now.equals(seen);
            seen = now;
            if (isSettled && !now.equals(applied)) {
                apply(now);
            }
            routes.tidyUp();
            problem = null;
        } catch (Exception | LinkageError | StackOverflowError e) {
            // Said once for each thing that is wrong.
            if (!String.valueOf(e.getMessage()).equals(problem)) {
                problem = String.valueOf(e.getMessage());
                LOG.error("RELAY_AUTOMATIONS_DIR ({}) stays as it was: {}", directory, problem);
            }
        }
    }

    /** Schemas at last: an event is to find its automation. */
    private void apply(Map<String, Source> now) {
        Set<String> changed = new TreeSet<>(now.keySet());
        changed.addAll(applied.keySet());
        changed.removeIf(name -> now.containsKey(name) && now.get(name).equals(applied.get(name)));
        tasks.accept(ofTasks(now), false);
        routes.replace(ofRoutes(now), false);
        schemas.accept(ofEvents(now), false);
        applied = now;
        LOG.info("RELAY_AUTOMATIONS_DIR ({}) was read again: {}", directory, String.join(", ", changed));
    }

    private static Map<String, Source> ofRoutes(Map<String, Source> files) {
        return filter(files, name -> name.endsWith(AutomationsDirectory.ROUTES));
    }

    private static Map<String, Source> ofTasks(Map<String, Source> files) {
        return filter(
                files,
                name -> name.startsWith(AutomationsDirectory.PROMPTS)
                        || name.startsWith(AutomationsDirectory.TASK_SCHEMAS));
    }

    private static Map<String, Source> ofEvents(Map<String, Source> files) {
        return filter(
                files,
                name -> name.startsWith(AutomationsDirectory.SCHEMAS)
                        && !name.startsWith(AutomationsDirectory.TASK_SCHEMAS));
    }

    private static Map<String, Source> filter(Map<String, Source> files, Predicate<String> isWanted) {
        Map<String, Source> wanted = new TreeMap<>(files);
        wanted.keySet().removeIf(name -> !isWanted.test(name));
        return wanted;
    }
}
