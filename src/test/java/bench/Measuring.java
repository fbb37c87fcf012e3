package bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Puts a relay under load and writes down what it took. */
final class Measuring {
    private static final int WARM_UP_ROUNDS = 6;
    private static final int MEMORY_ROUNDS = 6;

    private final Table table;
    private final String secret;
    private final int connections;
    private final int bytes;
    private final Duration warmUp;
    private final Duration lasting;

    /**
     * @param connections of the closed loop
     * @param bytes how large an event is
     * @param warmUp before each relay's first measurement
     * @param lasting of each measurement
     */
    Measuring(Table table, String secret, int connections, int bytes, Duration warmUp, Duration lasting) {
        this.table = table;
        this.secret = secret;
        this.connections = connections;
        this.bytes = bytes;
        this.warmUp = warmUp;
        this.lasting = lasting;
    }

    /**
     * As fast as it takes them, and with rests: what the JVM has not seen, such as a connection that ends, it
     * compiles later.
     */
    void warmUp(BenchedRelay relay) throws Exception {
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            try (Load load = load(relay.port(), secret, connections)) {
                load.closed(Duration.ZERO, warmUp.dividedBy(WARM_UP_ROUNDS));
            }
        }
    }

    /** @param databasePid of its PostgreSQL, or 0 */
    void closed(String name, BenchedRelay relay, long databasePid) throws Exception {
        try (Load load = load(relay.port(), secret, connections)) {
            Cpu cpu = Cpu.of(relay.pid());
            Cpu databaseCpu = databaseCpu(databasePid);
            row(name + ", closed loop", load.closed(Duration.ZERO, lasting), cpu, databaseCpu);
        }
    }

    /** As {@link #closed}, at a constant rate a second. */
    void open(String name, int rate, BenchedRelay relay, long databasePid) throws Exception {
        try (Load load = load(relay.port(), secret, 2 * connections)) {
            Cpu cpu = Cpu.of(relay.pid());
            Cpu databaseCpu = databaseCpu(databasePid);
            Measured measured = load.open(rate, Duration.ZERO, lasting);
            row(name + ", open loop at " + rate + "/s", measured, cpu, databaseCpu);
        }
    }

    /** Another server, whose processor time is not ours to find. */
    void other(String name, int port, String secretOfIt, Iterable<Integer> rates) throws Exception {
        try (Load load = load(port, secretOfIt, connections)) {
            load.closed(Duration.ZERO, warmUp);
            row(name + ", closed loop", load.closed(Duration.ZERO, lasting), null, null);
        }
        for (int rate : rates) {
            try (Load load = load(port, secretOfIt, 2 * connections)) {
                row(name + ", open loop at " + rate + "/s", load.open(rate, Duration.ZERO, lasting), null, null);
            }
        }
    }

    /**
     * Events done over the time of the load and of the drain after it: who accepts faster than it works shows here.
     */
    void endToEnd(String name, BenchedRelay relay, long databasePid) throws Exception {
        relay.drain();
        try (Load load = load(relay.port(), secret, connections)) {
            Cpu cpu = Cpu.of(relay.pid());
            Cpu databaseCpu = databaseCpu(databasePid);
            double before = relay.done();
            long start = System.nanoTime();
            Measured measured = load.closed(Duration.ZERO, lasting);
            long loaded = System.nanoTime();
            double events = measured.acceptedInAll();
            relay.awaitDone(before + events);
            double perSecond = events / seconds(start);
            table.add(
                    name,
                    perSecond,
                    measured,
                    each(cpu, events),
                    each(databaseCpu, events),
                    "accepted %.0f/s, drained for %.1f s".formatted(measured.perSecond(), seconds(loaded)));
        }
    }

    /** Events that wait already: how many a second are done until all are. */
    void drain(String name, int waiting, double doneBefore, BenchedRelay relay, long databasePid) {
        Cpu cpu = Cpu.of(relay.pid());
        Cpu databaseCpu = databaseCpu(databasePid);
        long start = System.nanoTime();
        relay.awaitDone(doneBefore + waiting);
        table.add(
                name,
                waiting / seconds(start),
                null,
                each(cpu, waiting),
                each(databaseCpu, waiting),
                "for %.1f s".formatted(seconds(start)));
    }

    /** What lives on the heap after each sixth of a load without a rest, and the memory of the whole process. */
    void memory(String name, BenchedRelay relay, Duration inAll) throws Exception {
        List<Long> heap = new ArrayList<>();
        List<Long> resident = new ArrayList<>();
        Cpu cpu = Cpu.of(relay.pid());
        long accepted = 0;
        long start = System.nanoTime();
        for (int round = 0; round < MEMORY_ROUNDS; round++) {
            try (Load load = load(relay.port(), secret, connections)) {
                accepted += load.closed(Duration.ZERO, inAll.dividedBy(MEMORY_ROUNDS))
                        .acceptedInAll();
            }
            resident.add(Memory.residentMiB(relay.pid()));
            heap.add(Memory.liveMiB(relay.pid()));
        }
        table.add(
                name,
                accepted / seconds(start),
                null,
                each(cpu, accepted),
                "",
                "MiB alive on the heap %s, of the process %s".formatted(heap, resident));
    }

    private Load load(int port, String secretOfIt, int connectionsOfIt) throws Exception {
        return new Load(port, secretOfIt, connectionsOfIt, bytes);
    }

    /** @param cpu since the load began; null where nobody knows */
    private void row(String name, Measured measured, Cpu cpu, Cpu databaseCpu) {
        boolean isAllAccepted = measured.statuses().keySet().stream().allMatch(status -> status == Load.ACCEPTED);
        table.add(
                name,
                measured.perSecond(),
                measured,
                each(cpu, measured.acceptedInAll()),
                each(databaseCpu, measured.acceptedInAll()),
                isAllAccepted ? "" : "answers " + measured.statuses());
    }

    private static Cpu databaseCpu(long pid) {
        return pid == 0 ? null : Cpu.of(pid);
    }

    private static String each(Cpu cpu, double events) {
        return cpu == null ? "" : "%.2f".formatted(1000 * cpu.seconds() / events);
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
