package operations;

import events.DurableCommit;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.h2.api.ErrorCode;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * The only door to the embedded H2, which closes itself when its disk is full. The next connection opens it again, under
 * a name of its own: H2 lists what is open by name, and the last session of a closed database takes the name off that
 * list, also when it stands for another one by then.
 */
public final class EmbeddedDatabase extends AbstractDataSource {
    /**
     * PostgreSQL's dialect; and WRITE_DELAY=0, or H2 would answer before a commit is on disk and {@code kill -9} lose it.
     * RETENTION_TIME stays at its 45 s: with 0, H2 lost commits in one of fourteen kills, since it finds its way to the
     * newest chunk over those before it.
     */
    private static final String OPTIONS = ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH"
            + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";

    /** With less of its chunks in use, the file is compacted. */
    private static final int LEAST_IN_USE_PERCENT = 60;

    private static final int COMPACTED_AT_ONCE_BYTES = 1 << 20;
    private static final Duration BETWEEN_COMPACTIONS = Duration.ofMillis(100);

    private static final int RELEASING_THREADS = 8;

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);

    private final Path file;
    private int opening = 1;
    private MVStore store;

    /** @param dataDir where its file {@code events.mv.db} is or will be */
    public EmbeddedDatabase(Path dataDir) {
        this.file = dataDir.resolve("events").toAbsolutePath();
        FailStopFiles.register();
    }

    @Override
    public synchronized Connection getConnection() throws SQLException {
        if (store != null && store.isClosed()) {
            release(store);
            store = null;
            opening++;
        }
        try {
            EmbeddedConnection connection =
                    new EmbeddedConnection("jdbc:h2:" + FailStopFiles.name(opening, file) + OPTIONS);
            if (store != connection.store) {
                store = connection.store;
                keepCompact(store);
            }
            return connection;
        } catch (SQLException e) {
            if (store == null && e.getErrorCode() != ErrorCode.DATABASE_ALREADY_OPEN_1) {
                opening++;
            }
            throw e;
        }
    }

    /** There are no users: who may read the file may do anything. */
    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return getConnection();
    }

    @Override
    public String toString() {
        return "jdbc:h2:" + file;
    }

    /**
     * A session that comes while the store closes may wait for ever in MVStore.registerVersionUsage, for a counter to be
     * above zero that others have let fall too low. It is there as soon as enough callers try at once; they leave it so.
     */
    private static void release(MVStore closed) {
        for (int i = 0; i < RELEASING_THREADS; i++) {
            Thread thread = new Thread(closed::registerVersionUsage, "release-closed-database");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /**
     * Every commit writes its pages to a chunk of its own, and a chunk stays while one of them is in use. With
     * WRITE_DELAY=0 H2 has no thread that compacts them, so this one does, as long as the store is open.
     */
    private static void keepCompact(MVStore store) {
        Thread thread = new Thread(
                () -> {
                    try {
                        long compacted = -1;
                        while (!store.isClosed()) {
                            Thread.sleep(BETWEEN_COMPACTIONS.toMillis());
                            long version = store.getCurrentVersion();
                            if (version != compacted) {
                                store.compact(LEAST_IN_USE_PERCENT, COMPACTED_AT_ONCE_BYTES);
                                compacted = version;
                            }
                        }
                    } catch (InterruptedException | RuntimeException e) {
                        // Closed meanwhile, it will have another thread when it is opened again.
                        LOG.atLevel(store.isClosed() ? Level.DEBUG : Level.WARN)
                                .setCause(e)
                                .log("The file of the embedded database grows from now on, since it is not compacted");
                    }
                },
                "compact-embedded-database");
        thread.setDaemon(true);
        thread.start();
    }

    /** Knows whether its database is still open, which H2's own does not ask. */
    private static final class EmbeddedConnection extends JdbcConnection {
        private final MVStore store;

        EmbeddedConnection(String url) throws SQLException {
            super(url, new Properties(), null, null, false);
            this.store = ((SessionLocal) getSession()).getDatabase().getStore().getMvStore();
        }

        /** Without a statement, for one may never come back from a store that is closed. */
        @Override
        public boolean isValid(int timeoutSeconds) {
            return super.isValid(timeoutSeconds) && !store.isClosed();
        }

        @Override
        public void commit() throws SQLException {
            super.commit();
            DurableCommit.check(this);
        }
    }
}
