package ai;

import events.PermanentFailure;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import org.apache.camel.Body;
import org.apache.camel.Header;

/**
 * The provider that is always there: real work on bundled sentence embeddings, without a network or a key.
 *
 * <p>Thread-safe. Nothing is loaded before the first answer or {@link #warmUp}.
 */
public class LocalAi {
    /** It computes: more at once would take the processors from the intake and be no faster. */
    private final Semaphore processors = new Semaphore(Runtime.getRuntime().availableProcessors());

    /**
     * Answers a task.
     *
     * @param task {@code enrich_post}, {@code moderate_comment} or {@code qualify_lead}
     * @param event the event's fields, normalised; raw HTML is understood as well
     * @return the fields of {@code schemas/ai/<task>.json}, within their limits
     * @throws PermanentFailure for any other task
     */
    public Map<String, Object> answer(@Header("RelayAiTask") String task, @Body Map<String, Object> event) {
        LocalTask known = task == null ? null : Tasks.ALL.get(task);
        if (known == null) {
            throw new PermanentFailure("The local provider knows the tasks " + new TreeSet<>(Tasks.ALL.keySet())
                    + " and not \"" + task + "\"");
        }
        processors.acquireUninterruptibly();
        try {
            return known.answer(event);
        } finally {
            processors.release();
        }
    }

    /** Loads the model (about a second, 100 MB); call it on a thread that nobody waits for. */
    public void warmUp() {
        SentenceEmbeddings.load();
        Tasks.ALL.size();
    }

    private static final class Tasks {
        static final Map<String, LocalTask> ALL = Map.of(
                "enrich_post", new EnrichPost(),
                "moderate_comment", new ModerateComment(),
                "qualify_lead", new QualifyLead());
    }
}
