package statistics;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import events.WaitingEvents.Now;
import events.WaitingEvents.OfSite;
import java.time.OffsetDateTime;

/**
 * What waits now, of all relays together, as {@link Overview} tells it. It is what the gauges show too.
 *
 * @param outbox recorded, and not yet in the queue; a part of {@code queued}
 * @param queued for a worker or a later try
 * @param later those of them that wait for a later try; the oldest counts from when it was received
 * @param due those of them that wait for nothing but their turn; counts from when it was due
 * @param processing counts from when the attempt began
 * @param dead that somebody may replay; counts from when it failed for good
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Present(
        OffsetDateTime at,
        Waiting outbox,
        Waiting queued,
        Waiting later,
        Waiting due,
        Waiting processing,
        Waiting dead) {
    /**
     * Events that wait for the same.
     *
     * @param oldestSeconds for how long the oldest of them does; null when there is none
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Waiting(long number, Long oldestSeconds) {
        static Waiting of(long number, double seconds) {
            return new Waiting(number, number == 0 ? null : (long) seconds);
        }
    }

    static Present of(Now now, OffsetDateTime at) {
        OfSite all = now.ofAll();
        return new Present(
                at,
                Waiting.of(now.outbox(), now.outboxSeconds()),
                Waiting.of(all.due() + all.later(), Math.max(now.dueSeconds(), now.laterSeconds())),
                Waiting.of(all.later(), now.laterSeconds()),
                Waiting.of(all.due(), now.dueSeconds()),
                Waiting.of(all.processing(), now.processingSeconds()),
                Waiting.of(all.dead(), now.deadSeconds()));
    }
}
