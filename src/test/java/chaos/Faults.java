package chaos;

import java.util.List;

/**
 * The table, row by row. To add one: a name, what is done, what it is done to, and a script that drives the load, does the
 * harm and says what must hold.
 */
final class Faults {
    /** The same objects for many rows, so that quick rows share their processes. */
    static final Fault.Setting EMBEDDED = Stage::embedded;

    static final Fault.Setting PRODUCTION = Stage::production;

    private Faults() {}

    static List<Fault> all() {
        return List.of(
                new Fault("relay-kill-embedded", "`kill -9` of the relay", EMBEDDED, RelayFaults::kill),
                new Fault("sigterm", "SIGTERM", EMBEDDED, RelayFaults::terminate),
                new Fault("one-key", "one key × 64 callers, the first one failing", EMBEDDED, EventFaults::oneKey),
                new Fault("sender-clock", "clock of the sender ± 10 minutes", EMBEDDED, EventFaults::clock),
                new Fault("poison", "1 % of events poisoned", EMBEDDED, Poison::play).slow(),
                wordPress("wordpress-down-500", "WordPress answers 500", Receiver.Mode.ERROR_500)
                        .slow(),
                wordPress("wordpress-down-429", "WordPress answers 429 + Retry-After", Receiver.Mode.BUSY_429)
                        .slow(),
                wordPress("wordpress-down-silent", "WordPress is silent", Receiver.Mode.SILENT)
                        .slow(),
                wordPress(
                        "wordpress-down-close",
                        "WordPress closes the connection after it applied",
                        Receiver.Mode.CLOSES_AFTER_APPLYING),
                new Fault(
                        "ai-down",
                        "the AI answers broken JSON, 429, 500, nothing for 30 s; 10 minutes in all",
                        EMBEDDED,
                        PeerFaults::ai),
                new Fault("soak", "nothing but load, 30 minutes", EMBEDDED, Soak::play).slow(),
                new Fault(
                        "relay-kill-postgresql",
                        "`kill -9` of one of two relays (PostgreSQL)",
                        PRODUCTION,
                        RelayFaults::kill),
                new Fault(
                                "relay-frozen",
                                "one of two relays frozen (SIGSTOP) 120 s (PostgreSQL)",
                                PRODUCTION,
                                RelayFaults::freeze)
                        .slow(),
                new Fault(
                                "rolling-restart",
                                "SIGTERM of two relays in turn (PostgreSQL)",
                                PRODUCTION,
                                RelayFaults::restartInTurn)
                        .slow(),
                new Fault("broker-kill", "`kill -9` of the broker", PRODUCTION, BrokerFaults::kill),
                new Fault("broker-away", "broker away 60 s", PRODUCTION, BrokerFaults::away).slow(),
                new Fault("database-away", "PostgreSQL away 60 s", PRODUCTION, DatabaseFaults::away).slow(),
                new Fault("database-restart", "PostgreSQL restarted", PRODUCTION, DatabaseFaults::restart),
                new Fault("database-frozen", "PostgreSQL frozen (SIGSTOP) 30 s", PRODUCTION, DatabaseFaults::frozen),
                new Fault(
                        "broker-failover",
                        "`kill -9` of the primary of a pair of brokers",
                        Stage::brokerPair,
                        BrokerFaults::failOver),
                disk("disk-full", "disk full under journal and H2", SmallDisk.Under.BOTH, true),
                disk("disk-full-journal", "disk full under journal", SmallDisk.Under.JOURNAL, false)
                        .slow(),
                disk("disk-full-database", "disk full under H2", SmallDisk.Under.DATABASE, true)
                        .slow());
    }

    private static Fault wordPress(String name, String description, Receiver.Mode mode) {
        return new Fault(name, description, EMBEDDED, PeerFaults.wordPress(mode));
    }

    private static Fault disk(String name, String description, SmallDisk.Under under, boolean isRecordingHit) {
        return new Fault(name, description, DiskFaults.on(under), DiskFaults.full(isRecordingHit));
    }
}
