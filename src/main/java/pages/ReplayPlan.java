package pages;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import events.EventQuery.Row;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a replay would do, before it is done.
 *
 * @param count how many events it is about
 * @param isExact false: there may be more
 * @param first those of them that were looked at, the first ones
 * @param fields what the form says that has it done
 * @param back where somebody came from
 * @param missing what to do when there is none
 */
public record ReplayPlan(
        int count,
        boolean isExact,
        List<Row> first,
        List<Map.Entry<String, String>> fields,
        String back,
        String missing) {
    static final int MOST_SHOWN = 20;
    private static final int MOST_ERRORS = 5;

    /** A number in a sentence, such as the id of a post; not the status that stands first. */
    private static final Pattern NUMBER = Pattern.compile("(?<=[\\s'\"#/])(?<!answered )\\d+");

    /** Such as {@code 1 event}. */
    static String events(long count) {
        return count == 1 ? "1 event" : String.format(java.util.Locale.ROOT, "%,d events", count);
    }

    public String total() {
        return isExact ? events(count) : "more than " + events(count);
    }

    public String shown() {
        int number = shownRows().size();
        if (number == count && isExact) {
            return count == 1 ? "This one" : "All " + count + " of them, the oldest first, as they are replayed";
        }
        return "The first " + number + " of " + total() + ", the oldest first, as they are replayed";
    }

    public List<Row> shownRows() {
        return first.stream().limit(MOST_SHOWN).toList();
    }

    /** How many have the same error, but for the numbers in it; the most first. Empty where there is nothing to group. */
    public List<String> errors() {
        Map<String, List<String>> groups = first.stream()
                .filter(row -> row.error() != null)
                .map(row -> EventList.line(row.error()))
                .collect(groupingBy(line -> NUMBER.matcher(line).replaceAll("…")));
        return first.size() == 1
                ? List.of()
                : groups.entrySet().stream()
                        .sorted(comparing(group -> -group.getValue().size()))
                        .limit(MOST_ERRORS)
                        .map(group -> group.getValue().size() + " × "
                                + (group.getValue().stream().distinct().count() == 1
                                        ? group.getValue().get(0)
                                        : group.getKey()))
                        .toList();
    }

    /** Of which events the errors are counted. */
    public String errorsOf() {
        return first.size() == count && isExact ? "Why they failed" : "Why the first " + first.size() + " failed";
    }

    public boolean hasDead() {
        return first.stream().anyMatch(event -> event.status().equals("error"));
    }

    /** How many of them have not failed, and what they are instead; empty when all have. */
    public String notFailed() {
        long number =
                first.stream().filter(event -> !event.status().equals("error")).count();
        if (number == 0) {
            return "";
        }
        // What matches a filter has one status, so the first ones speak for all.
        boolean isComplete = isExact && first.size() == count;
        String statuses = first.stream()
                .filter(event -> !event.status().equals("error"))
                .collect(groupingBy(Row::status, TreeMap::new, counting()))
                .entrySet()
                .stream()
                .map(entry -> (isComplete && count > 1 ? entry.getValue() + " " : "") + entry.getKey())
                .collect(joining(", "));
        if (count == 1) {
            return "It has not failed: it is " + statuses + ".";
        }
        return number == first.size()
                ? "None of these " + total() + " has failed: " + (isComplete ? "" : "all are ") + statuses + "."
                : number + " of these " + total() + (number == 1 ? " has" : " have") + " not failed: " + statuses + ".";
    }
}
