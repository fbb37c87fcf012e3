package automations;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What files say, by name. One that cannot be used leaves what it said before; one that never could, and was there when
 * the relay started, is known as that: nobody can tell what it said before. Safe to read while it is replaced.
 *
 * @param <S> what is read, which has {@code equals}
 * @param <T> what it says
 */
public final class LastGood<S, T> {
    private static final Logger LOG = LoggerFactory.getLogger(LastGood.class);

    /** From a source to what it says. */
    @FunctionalInterface
    public interface Reader<S, T> {
        /** @throws IOException with what is wrong, in one line for an operator */
        T read(String name, S source) throws IOException;
    }

    private final UnaryOperator<String> file;
    private final String untilMended;
    private final Reader<S, T> reader;
    private final Map<String, S> tried = new HashMap<>();
    private volatile Map<String, T> good = Map.of();
    private volatile Map<String, String> broken = Map.of();

    /**
     * @param file from a name to the file that an operator is told of
     * @param untilMended what becomes of events while a file is broken that was so at the start, as the end of a sentence
     */
    public LastGood(UnaryOperator<String> file, String untilMended, Reader<S, T> reader) {
        this.file = file;
        this.untilMended = untilMended;
        this.reader = reader;
    }

    public Optional<T> find(String name) {
        return Optional.ofNullable(good.get(name));
    }

    /** What is wrong with the file of that name, if it was so at the start and has been since. */
    public Optional<String> problem(String name) {
        return Optional.ofNullable(broken.get(name));
    }

    public Set<String> names() {
        return good.keySet();
    }

    /**
     * Reads those that are new or changed, and forgets those that are not there any more.
     *
     * @param isStart whether the relay starts with them
     */
    public synchronized void replace(Map<String, S> sources, boolean isStart) {
        Map<String, T> usable = new HashMap<>(good);
        Map<String, String> unusable = new HashMap<>(broken);
        usable.keySet().retainAll(sources.keySet());
        unusable.keySet().retainAll(sources.keySet());
        tried.keySet().retainAll(sources.keySet());
        sources.forEach((name, source) -> {
            if (source.equals(tried.put(name, source))) {
                return;
            }
            try {
                usable.put(name, reader.read(name, source));
                unusable.remove(name);
            } catch (IOException | RuntimeException e) {
                if (isStart || unusable.containsKey(name)) {
                    unusable.put(name, e.getMessage());
                }
                say(name, usable.containsKey(name), unusable.containsKey(name), e.getMessage());
            }
        });
        good = Map.copyOf(usable);
        broken = Map.copyOf(unusable);
    }

    private void say(String name, boolean isKept, boolean isMissed, String problem) {
        String so = isMissed ? untilMended : isKept ? "what it said before holds" : "it is left out";
        LOG.error("RELAY_AUTOMATIONS_DIR: {} cannot be used, and {}: {}", file.apply(name), so, problem);
    }
}
