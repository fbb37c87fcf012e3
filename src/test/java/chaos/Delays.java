package chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** From 202 to effect, over several times of one row, without the events of a set. */
final class Delays {
    private final Drill drill;
    private final Set<Long> without;
    private final List<Window> windows = new ArrayList<>();

    Delays(Drill drill, Set<Long> without) {
        this.drill = drill;
        this.without = without;
    }

    void add(Window window) {
        windows.add(window);
    }

    /** To be asked for when all events have come to their end. */
    Percentiles percentiles() {
        List<Double> delays = new ArrayList<>();
        windows.forEach(window -> delays.addAll(drill.ledger().delays(target -> !without.contains(target), window)));
        return new Percentiles(delays);
    }
}
