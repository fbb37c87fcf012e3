package chaos;

/** Compares how fast the intake answers during a fault with how fast it does normally. */
final class Latency {
    private static final double PERCENT = 99;

    private Latency() {}

    /** @param most how many times its normal value the 99th percentile may reach */
    static void compare(Drill drill, Window normal, Window fault, double most) {
        double before = drill.intake(normal).millis().at(PERCENT);
        double during = drill.intake(fault).millis().at(PERCENT);
        drill.note("intake p99 %.1f ms, normally %.1f ms", during, before);
        drill.promise(
                during < most * before || !drill.scale().judgesLatency(),
                "intake p99 %.1f ms, normally %.1f ms".formatted(during, before));
    }
}
