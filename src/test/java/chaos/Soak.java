package chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Nothing happens but a steady load, for long enough that what grows can be seen. */
final class Soak {
    private static final Duration END = Duration.ofMinutes(2);
    /** What is warming up is not growing. */
    private static final double WARM_SHARE = 0.25;

    private static final double MOST = 1.1;

    private Soak() {}

    static void play(Drill drill) throws Exception {
        Duration lasting = drill.scale().seconds(1800, 10);
        Duration every = drill.scale().seconds(30, 1);
        long pid = drill.stage().relay().pid();
        List<Footprint> footprints = new ArrayList<>();
        drill.load(100);
        drill.say("a steady load for %d s".formatted(lasting.toSeconds()));
        for (long passed = 0; passed < lasting.toMillis(); passed += every.toMillis()) {
            drill.quiet(every);
            footprints.add(Footprint.of(pid));
        }
        drill.settle(END);
        List<Footprint> warm = footprints.subList((int) (footprints.size() * WARM_SHARE), footprints.size());
        flat(drill, "live heap MiB", warm, Footprint::liveMegabytes, 16);
        flat(drill, "threads", warm, Footprint::threads, 4);
        flat(drill, "sockets", warm, Footprint::sockets, 8);
        flat(drill, "open files", warm, Footprint::files, 8);
    }

    /** @param slack what may come and go in a healthy relay */
    private static void flat(
            Drill drill, String what, List<Footprint> footprints, ToDoubleFunction<Footprint> figure, double slack) {
        int half = footprints.size() / 2;
        double first = median(footprints.subList(0, half), figure);
        double second = median(footprints.subList(half, footprints.size()), figure);
        drill.note("%s %.0f → %.0f", what, first, second);
        boolean isFlat = second <= first * MOST + slack;
        drill.promise(
                isFlat || !drill.scale().judgesLatency(), "%s grew from %.0f to %.0f".formatted(what, first, second));
    }

    private static double median(List<Footprint> footprints, ToDoubleFunction<Footprint> figure) {
        return new Percentiles(footprints.stream().map(figure::applyAsDouble).toList()).median();
    }
}
