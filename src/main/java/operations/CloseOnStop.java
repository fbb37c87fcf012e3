package operations;

import org.apache.camel.support.service.ServiceSupport;

/** Closes something when the relay stops, after the routes that use it. */
public final class CloseOnStop extends ServiceSupport {
    private final AutoCloseable closeable;

    public CloseOnStop(AutoCloseable closeable) {
        this.closeable = closeable;
    }

    @Override
    protected void doStop() throws Exception {
        closeable.close();
    }
}
