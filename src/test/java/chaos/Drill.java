package chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.BooleanSupplier;

/** What a row's script works with: the load, the fault, the waiting, and what must hold. */
final class Drill implements AutoCloseable {
    private static final long POLL_MILLIS = 50;
    private static final Duration ASK_EVERY = Duration.ofSeconds(1);
    private static final int ASKED_WHILE_RUNNING = 512;
    private static final int ASKED_AT_THE_END = 2000;
    /** So many seconds of load may be in hand when all is well. */
    private static final double NORMAL_BACKLOG_SECONDS = 2;

    /** Between an effect and the relay's own note of it. */
    private static final Duration STRAGGLERS = Duration.ofSeconds(30);

    private static final double LEAST_BACKLOG = 20;
    private static final double LEAST_RATE = 10;
    private static final double LESS = 0.75;
    /** Processes that have just started compile their code first, all at once. */
    private static final Duration WARM_UP = Duration.ofSeconds(90);

    /** An act of a script. */
    interface Step {
        void run() throws Exception;
    }

    private final Fault fault;
    private final Stage stage;
    private final Scale scale;
    private final SampleEvents events;
    private final Ledger ledger;
    private final Accounts accounts;
    private final int repeatedBefore;
    private final Findings findings;
    private Sender sender;
    private double rate;
    private double asked;
    private long askedAt;
    private boolean mayDie;

    Drill(Fault fault, Stage stage, Scale scale) {
        this.fault = fault;
        this.stage = stage;
        this.scale = scale;
        this.events = new SampleEvents(fault.name());
        Effects effects = stage.receiver().effects();
        this.findings = new Findings(fault);
        this.ledger = new Ledger(effects);
        this.accounts = new Accounts(stage.wire(), ledger, effects);
        this.repeatedBefore = effects.repeated();
    }

    Stage stage() {
        return stage;
    }

    Scale scale() {
        return scale;
    }

    Ledger ledger() {
        return ledger;
    }

    SampleEvents events() {
        return events;
    }

    Sender sender() {
        return sender;
    }

    void say(String text) {
        Console.say(fault.name(), text);
    }

    /**
     * From now on so many new events a second are due, or the small number of the quick form. A machine that does not
     * carry them after its warm-up gets fewer, and the table says so.
     */
    void load(double promised) throws InterruptedException {
        asked = promised;
        rate = scale.rate(promised);
        sender = new Sender(stage.wire(), ledger, events, rate);
        quiet(scale.seconds(30, 2));
        while (!scale.isQuick() && !until(WARM_UP, this::isCarried) && rate > LEAST_RATE) {
            rate = Math.max(LEAST_RATE, rate * LESS);
            sender.rate(rate);
            say("this machine does not carry it; going on with %.0f/s".formatted(rate));
        }
    }

    private boolean isCarried() {
        return ledger.unfinished().size() <= normalBacklog();
    }

    private double normalBacklog() {
        return Math.max(LEAST_BACKLOG, rate * NORMAL_BACKLOG_SECONDS);
    }

    /** Nothing happens but the load. */
    Window quiet(Duration duration) throws InterruptedException {
        long from = System.nanoTime();
        Thread.sleep(duration.toMillis());
        return new Window(from, System.nanoTime());
    }

    /**
     * Injects the fault, leaves it there for a while, ends it.
     *
     * @return the time when it was there, without its coming and going
     */
    Window fault(String what, Step inject, Duration lasting, Step end) throws Exception {
        findings.times(findings.times() + 1);
        say(what);
        inject.run();
        long from = System.nanoTime();
        Thread.sleep(lasting.toMillis());
        long to = System.nanoTime();
        end.run();
        return new Window(from, to);
    }

    /**
     * Waits until the intake answers 202 again, until all that was acknowledged by now has come to its end, and until no
     * more is in hand than normally.
     *
     * @return seconds from the fault's end
     */
    double recovered(Window fault, Duration limit) throws InterruptedException {
        List<String> owed = new ArrayList<>(ledger.unfinished());
        boolean isDone = until(scale.patience(limit), () -> {
            List<String> unfinished = ledger.unfinished();
            owed.retainAll(new HashSet<>(unfinished));
            askNowAndThen(owed);
            return owed.isEmpty()
                    && ledger.latestAcknowledgement() > fault.to()
                    && unfinished.size() <= normalBacklog();
        });
        double seconds = (System.nanoTime() - fault.to()) / 1e9;
        promise(isDone, "not recovered %.0f s after the fault's end".formatted(seconds));
        findings.recovered(seconds);
        say("recovered after %.1f s".formatted(seconds));
        return seconds;
    }

    /** Not so often that the asking is a load of its own. */
    private void askNowAndThen(List<String> owed) {
        long now = System.nanoTime();
        if (now - askedAt > ASK_EVERY.toNanos()) {
            askedAt = now;
            accounts.update(owed, ASKED_WHILE_RUNNING);
        }
    }

    /** Ends the load, waits until every acknowledged event has come to an end, and settles the account. */
    void settle(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + scale.patience(limit).toNanos();
        if (sender != null) {
            sender.stop();
            boolean isIdle = until(scale.patience(limit), sender::isIdle);
            findings.under(
                    rate >= scale.rate(asked) ? "%.0f/s".formatted(rate) : "%.0f/s of %.0f/s".formatted(rate, asked));
            promise(sender.refused() == 0, sender.refused() + " good requests were refused for good");
            promise(isIdle, "events or requests were still under way at the end");
            promise(sender.waiting() == 0, sender.waiting() + " events could not be delivered to the end");
        }
        until(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())), () -> {
            List<String> unfinished = ledger.unfinished();
            accounts.update(unfinished, ASKED_AT_THE_END);
            return unfinished.isEmpty();
        });
        boolean isDone = until(
                STRAGGLERS, () -> stage.relays().stream().allMatch(relay -> InHand.count(relay.managementPort()) == 0));
        promise(isDone, "the relay has events in hand whose effects are there");
        findings.settle(ledger.verdict(), mayDie);
    }

    /** In this row a dead letter with a reason is a proper end. */
    void allowDeadLetters() {
        mayDie = true;
    }

    void promise(boolean isKept, String otherwise) {
        findings.promise(isKept, otherwise);
    }

    /** A figure for the table. */
    void note(String format, Object... values) {
        findings.note(format, values);
    }

    Findings findings() {
        return findings;
    }

    /** What new events were answered in this time. */
    Answers intake(Window window) {
        return sender.answers().fresh().between(window.from(), window.to());
    }

    /** @return false when the limit came first */
    boolean until(Duration limit, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(POLL_MILLIS);
        }
        return true;
    }

    Row row() {
        int repeated = stage.receiver().effects().repeated() - repeatedBefore;
        if (repeated > 0) {
            note("%d call-backs came again, without effect", repeated);
        }
        return findings.row();
    }

    @Override
    public void close() throws InterruptedException {
        if (sender != null) {
            sender.close();
        }
    }
}
