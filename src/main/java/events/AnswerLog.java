package events;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The AI answers that were paid for: kept before they are used, so that a failed call-back does not ask again. */
public final class AnswerLog {
    /** Of what is kept here and is no AI's answer: that a CRM took the event. */
    public static final String NO_MODEL = "";

    /** Locks the event, so that it is not erased meanwhile. */
    private static final String INSERT = """
            INSERT INTO relay_answer (event_id, task, provider, model, answer, answered_at, question)
            SELECT id, CAST(? AS VARCHAR), CAST(? AS VARCHAR), CAST(? AS VARCHAR), CAST(? AS VARCHAR),
                CAST(? AS TIMESTAMP(6) WITH TIME ZONE), CAST(? AS VARCHAR)
            FROM relay_event WHERE id = ? AND erased_at IS NULL FOR UPDATE
            ON CONFLICT DO NOTHING""";

    private static final String COPY = """
            INSERT INTO relay_answer (event_id, task, provider, model, answer, answered_at, question)
            SELECT CAST(? AS UUID), CAST(? AS VARCHAR), provider, model, answer, answered_at, question
            FROM relay_answer WHERE event_id = ? AND question = ? ORDER BY answered_at, task LIMIT 1
            ON CONFLICT DO NOTHING""";

    private final TransactionTemplate transaction;
    private final JdbcClient database;
    private final JdbcTemplate jdbcTemplate;
    private final Clock clock;

    public AnswerLog(DataSource dataSource, Clock clock) {
        this.transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        this.database = JdbcClient.create(dataSource);
        this.jdbcTemplate = new JdbcTemplate(dataSource);
        this.clock = clock;
    }

    public Optional<Answer> find(UUID event, String task) {
        return database.sql("SELECT task, provider, model, answer FROM relay_answer WHERE event_id = ? AND task = ?")
                .params(event, task)
                .query(AnswerLog::answer)
                .optional();
    }

    /**
     * An answer as it is kept for an event.
     *
     * @param answeredAt when it was given, for whichever event it was first
     */
    public record Kept(Answer answer, OffsetDateTime answeredAt) {
        /** Whether it is an AI's, and not a note of ours that a CRM took the event. */
        public boolean isOfModel() {
            return !answer.model().equals(NO_MODEL);
        }
    }

    /** All that is kept for an event, in the order in which it was answered. */
    public List<Kept> ofEvent(UUID event) {
        return database.sql("""
                        SELECT task, provider, model, answer, answered_at FROM relay_answer WHERE event_id = ?
                        ORDER BY answered_at, task""")
                .param(event)
                .query((row, number) ->
                        new Kept(answer(row, number), row.getObject("answered_at", OffsetDateTime.class)))
                .list();
    }

    private static Answer answer(ResultSet row, int number) throws SQLException {
        return new Answer(
                row.getString("task"), row.getString("provider"), row.getString("model"), row.getString("answer"));
    }

    /**
     * Keeps an answer; of two for the same task, the first.
     *
     * @return the one that is kept, which is the one to use: WordPress refuses another under the same key
     * @throws PermanentFailure when the event was erased meanwhile; nothing is kept then
     */
    public Answer keep(UUID event, Answer answer) {
        return keep(event, answer, null);
    }

    /**
     * As {@link #keep(UUID, Answer)}, to be found by {@link #reuse}.
     *
     * @param question up to 64 characters that stand for the site and all that the answer depends on; null: it is for
     *     this event only
     */
    public Answer keep(UUID event, Answer answer, String question) {
        int added = DurableCommit.update(
                jdbcTemplate,
                1,
                INSERT,
                answer.task(),
                answer.provider(),
                answer.model(),
                answer.answer(),
                OffsetDateTime.now(clock),
                question,
                event);
        return added == 1 ? answer : find(event, answer.task()).orElseThrow(AnswerLog::erased);
    }

    private static PermanentFailure erased() {
        return new PermanentFailure("the event was erased while it was worked on");
    }

    /**
     * Keeps the latest answer to the same question for another event too. Both are locked, so that neither is erased
     * meanwhile ({@link Erasures}).
     *
     * @param since the answer is not older
     * @return empty when the question has not been answered, or the answer is erased
     * @throws PermanentFailure when the event was erased meanwhile
     */
    public Optional<Answer> reuse(UUID event, String task, String question, Instant since) {
        Optional<UUID> source = database.sql("""
                        SELECT event_id FROM relay_answer WHERE question = ? AND answered_at >= ?
                        ORDER BY answered_at DESC, event_id LIMIT 1""")
                .params(question, since.atOffset(ZoneOffset.UTC))
                .query(UUID.class)
                .optional();
        return source.flatMap(from -> transaction.execute(status -> {
            Set<UUID> locked =
                    database.sql("""
                            SELECT id FROM relay_event WHERE id IN (?, ?) AND erased_at IS NULL
                            ORDER BY id FOR UPDATE""").params(event, from).query(UUID.class).set();
            if (!locked.contains(event)) {
                throw erased();
            }
            database.sql(COPY).params(event, task, from, question).update();
            return find(event, task);
        }));
    }
}
