package statistics;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;
import statistics.MinuteCounts.Cell;

/**
 * Adds what this relay has counted to the rows that all relays on the database share: a row a minute and name, however many
 * relays there are, and none to add up when somebody looks. They add one after the other, in the order of the rows, so
 * that none waits for one that waits for it.
 */
public final class CountWriter {
    private static final Logger LOG = LoggerFactory.getLogger(CountWriter.class);

    private static final String NEW_MINUTE =
            "INSERT INTO relay_minute (epoch_minute, name, number) VALUES (?, ?, 0)" + " ON CONFLICT DO NOTHING";
    private static final String ADD_TO_MINUTE =
            "UPDATE relay_minute SET number = number + ? WHERE epoch_minute = ? AND name = ?";
    private static final String NEW_HOUR = "INSERT INTO relay_site_hour (epoch_hour, site, name, number)"
            + " VALUES (?, ?, ?, 0) ON CONFLICT DO NOTHING";
    private static final String ADD_TO_HOUR =
            "UPDATE relay_site_hour SET number = number + ? WHERE epoch_hour = ? AND site = ? AND name = ?";

    private final MinuteCounts counts;
    private final JdbcTemplate database;
    private final TransactionTemplate transaction;

    public CountWriter(MinuteCounts counts, DataSource dataSource) {
        this.counts = counts;
        this.database = new JdbcTemplate(dataSource);
        this.transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
    }

    /**
     * What cannot be written is kept until the next time; should the database have taken it after all, it counts twice.
     *
     * @throws DataAccessException or TransactionException when the database does not take it
     */
    public synchronized void write() {
        Map<Cell, Long> unwritten = counts.unwritten();
        if (!unwritten.isEmpty()) {
            transaction.executeWithoutResult(status -> add(unwritten));
        }
        counts.wrote(unwritten);
    }

    private void add(Map<Cell, Long> unwritten) {
        List<Cell> cells = unwritten.keySet().stream()
                .sorted(Comparator.comparing(Cell::site)
                        .thenComparing(Cell::minute)
                        .thenComparing(Cell::name))
                .toList();
        List<Cell> minutes = cells.stream()
                .filter(cell -> cell.site().equals(MinuteCounts.ALL))
                .toList();
        List<Cell> hours = cells.stream()
                .filter(cell -> !cell.site().equals(MinuteCounts.ALL))
                .toList();
        batch(NEW_MINUTE, minutes, cell -> new Object[] {cell.minute(), cell.name()});
        batch(ADD_TO_MINUTE, minutes, cell -> new Object[] {unwritten.get(cell), cell.minute(), cell.name()});
        batch(NEW_HOUR, hours, cell -> new Object[] {cell.hour(), cell.site(), cell.name()});
        batch(ADD_TO_HOUR, hours, cell -> new Object[] {unwritten.get(cell), cell.hour(), cell.site(), cell.name()});
    }

    private void batch(String sql, List<Cell> cells, Function<Cell, Object[]> parameters) {
        if (!cells.isEmpty()) {
            database.batchUpdate(sql, cells.stream().map(parameters).toList());
        }
    }

    /** As {@link #write}, and throws nothing: for who cannot wait until it is possible. */
    public void writeIfPossible() {
        try {
            write();
        } catch (DataAccessException | TransactionException e) {
            LOG.debug("What was counted last cannot be written down", e);
        }
    }
}
