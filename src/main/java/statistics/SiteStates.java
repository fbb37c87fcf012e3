package statistics;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import contact.Contact;
import contact.Silence;
import contact.SiteContacts;
import events.Pauses;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How each site is: whether it is heard, whether it may be called, what waits of it and what happened lately. */
public final class SiteStates {
    private final JdbcClient database;
    private final SiteContacts contacts;
    private final Silence silence;
    private final Clock clock;

    /**
     * @param heardAt its latest request that verified, or answer; a minute late at most, and null for one never heard
     * @param missing how many of its events have not come, by the numbers its plugin gives them
     * @param isSilent for longer than it should be, and not because it cannot be asked
     * @param pausedSince since when call-backs to it are paused, or null; {@code pausedReason} says why
     * @param isPausedByHand whether an operator paused it, until {@code pausedUntil}, or null for no end
     * @param waiting its events that are neither done nor dead
     * @param countedSince from when on what follows is counted: the hour in which the span begins
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record SiteState(
            String site,
            OffsetDateTime heardAt,
            Long silentSeconds,
            boolean isSilent,
            long missing,
            OffsetDateTime pausedSince,
            boolean isPausedByHand,
            OffsetDateTime pausedUntil,
            String pausedReason,
            long waiting,
            long dead,
            OffsetDateTime countedSince,
            long accepted,
            long duplicate,
            long rejected,
            long done,
            long failed) {
        boolean isWell() {
            return !isSilent && missing == 0 && pausedSince == null && dead == 0;
        }
    }

    private record Pause(OffsetDateTime since, boolean isByHand, OffsetDateTime until, String reason) {
        static final Pause NONE = new Pause(null, false, null, null);
    }

    SiteStates(DataSource dataSource, Silence silence, Clock clock) {
        this.database = JdbcClient.create(dataSource);
        this.contacts = new SiteContacts(dataSource, clock);
        this.silence = silence;
        this.clock = clock;
    }

    /** Those that need looking after first, then by name. */
    List<SiteState> read(Instant since, Instant until) {
        Map<String, Contact> heard = contacts.read();
        Map<String, Pause> pauses = pauses();
        Map<String, Long> waiting = bySite("status IN ('queued', 'processing')");
        Map<String, Long> dead = bySite("status = 'error' AND erased_at IS NULL");
        long hour = Duration.ofSeconds(since.getEpochSecond()).toHours();
        Map<String, Map<String, Long>> counts = counts(hour, until);
        Set<String> sites = new TreeSet<>();
        List.of(heard, pauses, waiting, dead, counts).forEach(some -> sites.addAll(some.keySet()));
        OffsetDateTime countedSince = Instant.EPOCH.plus(Duration.ofHours(hour)).atOffset(ZoneOffset.UTC);
        return sites.stream()
                .map(site -> state(
                        site,
                        heard.get(site),
                        pauses.getOrDefault(site, Pause.NONE),
                        waiting.getOrDefault(site, 0L),
                        dead.getOrDefault(site, 0L),
                        countedSince,
                        counts.getOrDefault(site, Map.of())))
                .sorted(Comparator.comparing(SiteState::isWell).thenComparing(SiteState::site))
                .toList();
    }

    private SiteState state(
            String site,
            Contact contact,
            Pause pause,
            long waiting,
            long dead,
            OffsetDateTime countedSince,
            Map<String, Long> counts) {
        Instant now = clock.instant();
        return new SiteState(
                site,
                contact == null ? null : contact.heardAt().atOffset(ZoneOffset.UTC),
                contact == null
                        ? null
                        : Math.max(0, Duration.between(contact.heardAt(), now).toSeconds()),
                contact != null && silence.isSilent(contact, now),
                contact == null ? 0 : contact.missing(),
                pause.since(),
                pause.isByHand(),
                pause.until(),
                pause.reason(),
                waiting,
                dead,
                countedSince,
                counts.getOrDefault(EventCounts.ACCEPTED, 0L),
                counts.getOrDefault(EventCounts.DUPLICATE, 0L),
                counts.getOrDefault(EventCounts.REJECTED, 0L),
                counts.getOrDefault(EventCounts.DONE, 0L),
                counts.getOrDefault(EventCounts.FAILED, 0L));
    }

    private Map<String, Pause> pauses() {
        Map<String, Pause> pauses = new HashMap<>();
        database.sql("SELECT site, paused_at, by_hand, ends_at, reason FROM relay_pause WHERE " + Pauses.LASTS)
                .param(OffsetDateTime.now(clock))
                .query(row -> {
                    pauses.put(
                            row.getString("site"),
                            new Pause(
                                    row.getObject("paused_at", OffsetDateTime.class),
                                    row.getBoolean("by_hand"),
                                    row.getObject("ends_at", OffsetDateTime.class),
                                    row.getString("reason")));
                });
        return pauses;
    }

    private Map<String, Long> bySite(String which) {
        Map<String, Long> numbers = new HashMap<>();
        database.sql("SELECT site, count(*) AS number FROM relay_event WHERE " + which + " GROUP BY site")
                .query(row -> {
                    numbers.put(row.getString("site"), row.getLong("number"));
                });
        return numbers;
    }

    private Map<String, Map<String, Long>> counts(long hour, Instant until) {
        Map<String, Map<String, Long>> counts = new HashMap<>();
        database.sql("SELECT site, name, sum(number) AS number FROM relay_site_hour"
                        + " WHERE epoch_hour >= ? AND epoch_hour * 3600 < ? GROUP BY site, name")
                .params(hour, until.getEpochSecond())
                .query(row -> {
                    counts.computeIfAbsent(row.getString("site"), site -> new HashMap<>())
                            .put(row.getString("name"), row.getLong("number"));
                });
        return counts;
    }
}
