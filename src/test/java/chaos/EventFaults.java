package chaos;

import chaos.SampleEvents.SampleEvent;
import chaos.Wire.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** The events themselves are the fault: poisoned, sent by many at once, signed by a wrong clock. */
final class EventFaults {
    private static final Duration END = Duration.ofMinutes(4);
    private static final int CALLERS = 64;
    private static final int KEYS_AT_ONCE = 4;

    private EventFaults() {}

    static void oneKey(Drill drill) throws Exception {
        int keys = drill.scale().times(1000, 20);
        drill.findings().times(keys);
        drill.findings().under("%d callers a key".formatted(CALLERS));
        drill.say("%d callers at once for each of %d keys".formatted(CALLERS, keys));
        Semaphore slots = new Semaphore(KEYS_AT_ONCE);
        Set<String> flaws = ConcurrentHashMap.newKeySet();
        for (int number = 0; number < keys; number++) {
            slots.acquire();
            callAtOnce(drill, flaws).whenComplete((done, failure) -> slots.release());
        }
        slots.acquire(KEYS_AT_ONCE);
        drill.promise(
                flaws.isEmpty(),
                flaws.size() + " keys, such as " + flaws.stream().limit(3).toList());
        drill.settle(END);
    }

    /** The first caller goes away in the middle, and the first call-back fails. */
    private static CompletableFuture<Void> callAtOnce(Drill drill, Set<String> flaws) throws Exception {
        SampleEvent event = drill.events().next();
        drill.ledger().sent(event.key(), event.target());
        drill.stage().receiver().failOnce(event.target());
        drill.stage().wire().abort(event);
        List<CompletableFuture<Reply>> calls = new ArrayList<>();
        for (int caller = 1; caller < CALLERS; caller++) {
            calls.add(drill.stage().wire().post(event));
        }
        return CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new)).thenRun(() -> {
            long accepted = 0;
            Set<String> ids = new HashSet<>();
            for (CompletableFuture<Reply> call : calls) {
                Reply reply = call.join();
                if (reply.status() != 202) {
                    flaws.add(event.key() + ": " + reply.status() + " " + reply.body());
                    continue;
                }
                drill.ledger().acknowledged(event.key());
                ids.add(reply.json().path("id").asText());
                accepted += reply.json().path("status").asText().equals("accepted") ? 1 : 0;
            }
            if (accepted > 1 || ids.size() > 1) {
                flaws.add(event.key() + ": accepted " + accepted + " times, as " + ids);
            }
        });
    }

    static void clock(Drill drill) throws Exception {
        drill.findings().under("one at a time");
        for (int minutes : new int[] {-10, 10}) {
            SampleEvent event = drill.events().next();
            drill.ledger().sent(event.key(), event.target());
            expect(drill, event, minutes, 401, "bad signature");
            expect(drill, event, 0, 202, "accepted");
            expect(drill, event, minutes, 401, "bad signature");
            expect(drill, event, 0, 202, "duplicate");
        }
        for (int minutes : new int[] {-4, 4}) {
            SampleEvent event = drill.events().next();
            drill.ledger().sent(event.key(), event.target());
            expect(drill, event, minutes, 202, "accepted");
            expect(drill, event, -minutes, 202, "duplicate");
        }
        drill.settle(END);
        drill.note("±10 min: 401; ±4 min: 202, then a duplicate");
    }

    private static void expect(Drill drill, SampleEvent event, int minutes, int status, String word) {
        Reply reply =
                drill.stage().wire().post(event, Duration.ofMinutes(minutes)).join();
        drill.findings().times(drill.findings().times() + 1);
        drill.say("clock off by %d min: %d %s".formatted(minutes, reply.status(), reply.body()));
        drill.promise(
                reply.status() == status && reply.body().contains('"' + word + '"'),
                "clock off by %d min: %d %s".formatted(minutes, reply.status(), reply.body()));
        if (reply.status() == 202) {
            drill.ledger().acknowledged(event.key());
        }
    }
}
