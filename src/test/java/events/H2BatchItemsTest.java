package events;

class H2BatchItemsTest extends BatchItemsContract {
    @Override
    TestDatabase database() {
        return TestDatabase.H2;
    }
}
