package events;

import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The AI answers that were paid for: kept before they are used, so that a failed call-back does not ask again. */
public final class AnswerLog {
    /** Locks the event, so that it is not erased meanwhile. */
    private static final String INSERT = """
            INSERT INTO relay_answer (event_id, task, provider, model, answer, answered_at)
            SELECT id, CAST(? AS VARCHAR), CAST(? AS VARCHAR), CAST(? AS VARCHAR), CAST(? AS VARCHAR),
                CAST(? AS TIMESTAMP(6) WITH TIME ZONE)
            FROM relay_event WHERE id = ? AND erased_at IS NULL FOR UPDATE
            ON CONFLICT DO NOTHING""";

    private final JdbcClient database;
    private final JdbcTemplate jdbcTemplate;
    private final Clock clock;

    public AnswerLog(DataSource dataSource, Clock clock) {
        this.database = JdbcClient.create(dataSource);
        this.jdbcTemplate = new JdbcTemplate(dataSource);
        this.clock = clock;
    }

    public Optional<Answer> find(UUID event, String task) {
        return database.sql("SELECT provider, model, answer FROM relay_answer WHERE event_id = ? AND task = ?")
                .params(event, task)
                .query((row, number) ->
                        new Answer(task, row.getString("provider"), row.getString("model"), row.getString("answer")))
                .optional();
    }

    /**
     * Keeps an answer; of two for the same task, the first.
     *
     * @return the one that is kept, which is the one to use: WordPress refuses another under the same key
     * @throws PermanentFailure when the event was erased meanwhile; nothing is kept then
     */
    public Answer keep(UUID event, Answer answer) {
        int added = DurableCommit.update(
                jdbcTemplate,
                1,
                INSERT,
                answer.task(),
                answer.provider(),
                answer.model(),
                answer.answer(),
                OffsetDateTime.now(clock),
                event);
        return added == 1
                ? answer
                : find(event, answer.task())
                        .orElseThrow(() -> new PermanentFailure("the event was erased while it was worked on"));
    }
}
