package pages;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import events.EventQuery.Row;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a replay would do, before it is done.
 *
 * @param count how many events it is about
 * @param isExact false: there may be more
 * @param first some of them
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

    /** Such as {@code 1 event}. */
    static String events(long count) {
        return count == 1 ? "1 event" : String.format(java.util.Locale.ROOT, "%,d events", count);
    }

    public String total() {
        return isExact ? events(count) : "more than " + events(count);
    }

    public String shown() {
        return first.size() == count && isExact ? "All of them" : "The first " + first.size() + ", the oldest first";
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
