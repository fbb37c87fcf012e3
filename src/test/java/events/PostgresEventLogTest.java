package events;

/** On a real PostgreSQL, a database of its own for each test. */
class PostgresEventLogTest extends EventLogContract {
    @Override
    TestDatabase database() {
        return TestDatabase.POSTGRESQL;
    }
}
