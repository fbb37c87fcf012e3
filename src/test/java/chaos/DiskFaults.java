package chaos;

import java.time.Duration;

/** The disk under the embedded database, the embedded broker, or both is full, and then has space again. */
final class DiskFaults {
    private static final Duration RECOVERY = Duration.ofMinutes(2);
    private static final Duration END = Duration.ofMinutes(4);

    private DiskFaults() {}

    static Fault.Setting on(SmallDisk.Under under) {
        return (directory, sabotage) -> Stage.smallDisk(directory, sabotage, under);
    }

    /** @param isRecordingHit whether events cannot be recorded meanwhile */
    static Fault.Script full(boolean isRecordingHit) {
        return drill -> {
            SmallDisk disk = drill.stage().disk();
            drill.load(100);
            Window full =
                    drill.fault("the disk is full", disk::fill, drill.scale().seconds(30, 8), disk::free);
            drill.recovered(full, RECOVERY);
            Answers answers = drill.intake(full);
            drill.note("meanwhile %s", answers.describe());
            Answers others = answers.matching(answer -> answer.status() != 202 && answer.status() != 503);
            drill.promise(others.count() == 0, "meanwhile " + others.describe());
            boolean isRefused = answers.statuses().containsKey(503);
            drill.promise(isRefused || !isRecordingHit, "a full disk under the database, and no 503");
            drill.settle(END);
        };
    }
}
