package chaos;

/** Compares how fast the intake answers during a fault with how fast it does normally. */
final class Latency {
    private static final double PERCENT = 99;

    private final Drill drill;
    private final double before;
    private final double during;

    private Latency(Drill drill, Window normal, Window fault) {
        this.drill = drill;
        this.before = drill.intake(normal).millis().at(PERCENT);
        this.during = drill.intake(fault).millis().at(PERCENT);
    }

    /** Shows both in the row. */
    static Latency compare(Drill drill, Window normal, Window fault) {
        Latency latency = new Latency(drill, normal, fault);
        drill.note("%s", latency);
        return latency;
    }

    /** @param most how many times its normal value the 99th percentile may reach */
    void promiseLessThan(double most) {
        drill.promise(during < most * before || !drill.scale().judgesLatency(), toString());
    }

    @Override
    public String toString() {
        return "intake p99 %.1f ms, normally %.1f ms".formatted(during, before);
    }
}
