package files;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.support.service.ServiceSupport;

/** Looks now and then whether files that an operator changes say something else. */
public abstract class Watch extends ServiceSupport {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

    private final Duration pause;
    private final ScheduledExecutorService executor;

    /** @param name of its thread */
    protected Watch(String name) {
        this(name, BETWEEN_LOOKS);
    }

    /** @param pause between two looks */
    protected Watch(String name, Duration pause) {
        this.pause = pause;
        this.executor = Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, name));
    }

    @Override
    protected void doStart() {
        executor.scheduleWithFixedDelay(this::look, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    protected void doStop() {
        executor.shutdownNow();
    }

    /** Throws nothing: after an exception there would be no other look. */
    protected abstract void look();
}
