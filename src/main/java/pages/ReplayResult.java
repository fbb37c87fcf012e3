package pages;

import events.EventQuery.Row;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What a replay did.
 *
 * @param count how many events were put back
 * @param left how many of those that were chosen were not
 * @param numbers how many of those that were put back are done, wait, … by now; empty when that is not known
 * @param rows some of them, as they are now, those that failed again first
 * @param rest the address of the plan for those that are left; empty: all is done
 * @param address of this page
 */
public record ReplayResult(
        int count, int left, Map<String, Long> numbers, List<Row> rows, String rest, String address) {
    /** What is said of a status, in the order in which somebody wants to know it. */
    private static final Map<String, String> WORDS = words();

    private static Map<String, String> words() {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("error", "failed again");
        words.put("processing", "in work");
        words.put("queued", "waiting");
        words.put("done", "done");
        words.put("erased", "erased");
        return words;
    }

    /** @param statuses of the events, by their ids */
    static Map<String, Long> numbers(Map<UUID, String> statuses) {
        Map<String, Long> numbers = new LinkedHashMap<>();
        WORDS.forEach((status, word) -> {
            long number = statuses.values().stream().filter(status::equals).count();
            if (number > 0) {
                numbers.put(word, number);
            }
        });
        return numbers;
    }

    /** Which of them are shown, where they are too many: those that failed again, and of what is left the oldest. */
    static List<UUID> first(Map<UUID, String> statuses, int most) {
        List<String> order = List.copyOf(WORDS.keySet());
        return statuses.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<UUID, String> one) -> order.indexOf(one.getValue()))
                        .thenComparing(one -> one.getKey().toString()))
                .limit(most)
                .map(Map.Entry::getKey)
                .toList();
    }

    public String heading() {
        return count == 0 ? "Nothing was replayed" : "Replaying " + ReplayPlan.events(count);
    }

    public String sentence() {
        String done = count == 0
                ? "No event was put back"
                : ReplayPlan.events(count) + (count == 1 ? " was" : " were")
                        + " put back and will be worked on as soon as the turn comes";
        return done
                + (left == 0
                        ? "."
                        : "; " + left + (left == 1 ? " was" : " were")
                                + " left alone: not failed, erased or not there.");
    }

    /** How it ended, so far: such as {@code 1 failed again, 2 waiting, 30 done}. */
    public String ends() {
        return numbers.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
    }

    /** Whether all have come to an end, and there is nothing to look again for. */
    public boolean isOver() {
        return !numbers.containsKey(WORDS.get("queued")) && !numbers.containsKey(WORDS.get("processing"));
    }

    public boolean hasMore() {
        return !rest.isEmpty();
    }
}
