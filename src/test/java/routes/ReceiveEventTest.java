package routes;

/** Over plain HTTP, as behind a proxy that ends TLS. */
class ReceiveEventTest extends ReceiveEventContract {
    @Override
    TestRelay newRelay() {
        return new TestRelay(dataDir);
    }
}
