package pages;

import events.EventQuery.Row;
import java.util.List;

/**
 * What a replay did.
 *
 * @param count how many events were put back
 * @param left how many of those that were chosen were not
 * @param rows those that were chosen, as they are now; none when they were chosen by a filter
 * @param rest the address of the plan for those that are left; empty: all is done
 * @param address of this page
 */
public record ReplayResult(int count, int left, List<Row> rows, String rest, String address) {

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

    public boolean hasMore() {
        return !rest.isEmpty();
    }
}
