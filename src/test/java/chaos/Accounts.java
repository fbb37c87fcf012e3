package chaos;

import chaos.Wire.Reply;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Asks the relay, as its sender may (contract, section 3), how those events went that had no effect yet. */
final class Accounts {
    private static final int AT_ONCE = 16;

    private final Wire wire;
    private final Ledger ledger;
    private final Effects effects;
    private final AtomicInteger rotation = new AtomicInteger();

    Accounts(Wire wire, Ledger ledger, Effects effects) {
        this.wire = wire;
        this.ledger = ledger;
        this.effects = effects;
    }

    /** @param most of the open ones are asked for; the next call goes on where this one stopped */
    void update(List<String> unfinished, int most) {
        int start = unfinished.isEmpty() ? 0 : Math.floorMod(rotation.getAndAdd(most), unfinished.size());
        List<String> asked = new ArrayList<>(unfinished.subList(start, Math.min(unfinished.size(), start + most)));
        for (int from = 0; from < asked.size(); from += AT_ONCE) {
            CompletableFuture<?>[] batch = asked.subList(from, Math.min(asked.size(), from + AT_ONCE)).stream()
                    .map(key -> wire.status(key).thenAccept(reply -> take(key, reply)))
                    .toArray(CompletableFuture[]::new);
            CompletableFuture.allOf(batch).join();
        }
    }

    private void take(String key, Reply reply) {
        if (reply.status() == 404) {
            ledger.lost(key, "acknowledged and not recorded");
            return;
        }
        JsonNode event = reply.json();
        if (event.path("status").asText().equals("error")) {
            ledger.dead(key, event.path("error").asText());
        } else if (event.path("status").asText().equals("done") && !effects.has(key)) {
            ledger.lost(key, "done without an effect");
        }
    }
}
