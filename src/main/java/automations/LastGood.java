package automations;

import events.HeldBack;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What files say, by name. One that cannot be used leaves what it said before; one that never could, and was there when
 * the relay started, is known as that: nobody can tell what it said before. Safe to read while it is replaced.
 *
 * @param <S> what is read, which has {@code equals}
 * @param <T> what it says
 */
public final class LastGood<S, T> {
    /** From a source to what it says. */
    @FunctionalInterface
    public interface Reader<S, T> {
        /** @throws IOException with what is wrong, in one line for an operator */
        T read(String name, S source) throws IOException;
    }

    /** What is wrong with a file, and since when nobody knows what it said. */
    private record Problem(String text, Instant since) {}

    /** For what events wait for: the end of a sentence. */
    public static final String WAITS = BrokenFile.WAITS;

    private final UnaryOperator<String> file;
    private final String untilMended;
    private final Reader<S, T> reader;
    private final Map<String, S> tried = new HashMap<>();
    private volatile Map<String, T> good = Map.of();
    private volatile Map<String, Problem> broken = Map.of();

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

    /** What is wrong with the file of that name, in a sentence, if it was so at the start and has been since. */
    public Optional<String> problem(String name) {
        return Optional.ofNullable(broken.get(name)).map(problem -> sentence(name, problem));
    }

    private String sentence(String name, Problem problem) {
        return BrokenFile.sentence(file.apply(name), problem.text());
    }

    /** @throws HeldBack when there is a {@link #problem}, for an event that would need what the file says */
    public void check(String name) {
        Problem problem = broken.get(name);
        if (problem != null) {
            throw BrokenFile.wait(sentence(name, problem), problem.since(), Instant.now());
        }
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
        Map<String, Problem> unusable = new HashMap<>(broken);
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
                    Problem before = unusable.get(name);
                    unusable.put(name, new Problem(e.getMessage(), before == null ? Instant.now() : before.since()));
                }
                BrokenFile.say(
                        file.apply(name),
                        unusable.containsKey(name) ? untilMended : null,
                        usable.containsKey(name),
                        e.getMessage());
            }
        });
        good = Map.copyOf(usable);
        broken = Map.copyOf(unusable);
    }
}
