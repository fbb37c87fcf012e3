package chaos;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import routes.Samples;

/** Events with a key and a target of their own each: comments, every fifth a post, every tenth one without content. */
final class SampleEvents {
    private static final AtomicLong TARGETS = new AtomicLong(1000);
    private static final int POST_EVERY = 5;
    private static final int GUIDE_POST_EVERY = 10;

    /** @param target the comment or post that the effect is on; no other event has it */
    record SampleEvent(String key, long target, byte[] body) {}

    /** What is done with the target of some events before they are sent. */
    private record Marking(int every, LongConsumer mark) {}

    private final String prefix;
    private final AtomicLong count = new AtomicLong();
    private volatile Marking marking = new Marking(Integer.MAX_VALUE, target -> {});

    /** @param row names the keys, so that a log line tells where its event is from */
    SampleEvents(String row) {
        this.prefix = row + "-" + Long.toString(System.currentTimeMillis(), Character.MAX_RADIX) + "-";
    }

    /** From now on the target of every so many event is told before it is sent. */
    void markEvery(int every, LongConsumer mark) {
        marking = new Marking(every, mark);
    }

    void markNone() {
        marking = new Marking(Integer.MAX_VALUE, target -> {});
    }

    SampleEvent next() {
        long target = TARGETS.incrementAndGet();
        Marking now = marking;
        if (count.incrementAndGet() % now.every() == 0) {
            now.mark().accept(target);
        }
        String key = prefix + target;
        ObjectNode event;
        if (target % GUIDE_POST_EVERY == 0) {
            event = Samples.guidePost(key).put("post_id", target).put("title", "The old bridge, part " + target);
        } else if (target % POST_EVERY == 0) {
            event = Samples.post(key).put("post_id", target);
        } else {
            event = Samples.comment(key, "Well said; I take that road every day, " + target + " times.")
                    .put("comment_id", target);
        }
        return new SampleEvent(key, target, event.toString().getBytes(StandardCharsets.UTF_8));
    }
}
