package events;

import java.time.Duration;
import java.time.OffsetDateTime;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The right to do a chore that one relay at a time does. It is held for a minute from its last renewal, so that a relay
 * that dies keeps nobody waiting for longer. All times are the database's: the clocks of relays differ.
 *
 * <p>Each method throws Spring's {@code DataAccessException} when the database does not take it.
 */
public final class Lease {
    static final Duration TERM = Duration.ofMinutes(1);

    private final JdbcClient database;
    private final TransactionTemplate transaction;
    private final String chore;
    /** What this relay wrote last, which tells its lease from another's. */
    private volatile OffsetDateTime heldUntil;

    /** @param chore the name of a row in relay_lease */
    public Lease(DataSource dataSource, String chore) {
        this.database = JdbcClient.create(dataSource);
        this.transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        this.chore = chore;
    }

    /** @return false when a relay holds it, this one included */
    public boolean take() {
        return extend("held_until <= CURRENT_TIMESTAMP", null);
    }

    /** @return false when it ran out and another relay has taken it */
    public boolean renew() {
        return heldUntil != null && extend("held_until = ?", heldUntil);
    }

    /** Lets another relay have it at once; nothing happens when one has it already. */
    public void release() {
        if (heldUntil != null) {
            database.sql("UPDATE relay_lease SET held_until = CURRENT_TIMESTAMP WHERE name = ? AND held_until = ?")
                    .params(chore, heldUntil)
                    .update();
            heldUntil = null;
        }
    }

    /** The two statements are one transaction: nobody else can change the row in between. */
    private boolean extend(String condition, OffsetDateTime parameter) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            var update = database.sql("UPDATE relay_lease SET held_until = CURRENT_TIMESTAMP + INTERVAL '"
                            + TERM.toSeconds() + "' SECOND WHERE name = ? AND " + condition)
                    .param(chore);
            if ((parameter == null ? update : update.param(parameter)).update() == 0) {
                return false;
            }
            heldUntil = database.sql("SELECT held_until FROM relay_lease WHERE name = ?")
                    .param(chore)
                    .query(OffsetDateTime.class)
                    .single();
            return true;
        }));
    }
}
