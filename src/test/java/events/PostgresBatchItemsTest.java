package events;

class PostgresBatchItemsTest extends BatchItemsContract {
    @Override
    TestDatabase database() {
        return TestDatabase.POSTGRESQL;
    }
}
