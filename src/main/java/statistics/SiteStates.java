package statistics;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import contact.Contact;
import contact.Silence;
import contact.SiteContacts;
import events.WaitingEvents.Now;
import events.WaitingEvents.OfSite;
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
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import wordpress.SitePauses;
import wordpress.SitePauses.Pause;

/** How each site is: whether it is heard, whether it may be called, what waits of it and what happened lately. */
public final class SiteStates {
    private static final Pause NOT_PAUSED = new Pause(null, null, null, null, false);

    private final JdbcClient database;
    private final SitePauses pauses;
    private final SiteContacts contacts;
    private final Silence silence;
    private final Clock clock;

    /**
     * @param heardAt its latest request that verified, or answer; a minute late at most, and null for one never heard
     * @param missing how many of its events have not come, by the numbers its plugin gives them
     * @param isSilent for longer than it should be, and not because it cannot be asked
     * @param pausedSince since when call-backs to it are paused, or null; {@code pausedReason} says why
     * @param pausedUntil when the pause ends or, of a site that refuses us, is tried again; null for no end
     * @param isPausedByHand whether an operator paused it
     * @param waiting its events that are neither done nor dead
     * @param waitingLater those of them that failed for now, and wait for a later try
     * @param countedSince from when on what follows is counted
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record SiteState(
            String site,
            OffsetDateTime heardAt,
            Long silentSeconds,
            boolean isSilent,
            long missing,
            OffsetDateTime pausedSince,
            String pausedReason,
            OffsetDateTime pausedUntil,
            boolean isPausedByHand,
            long waiting,
            long waitingLater,
            long dead,
            OffsetDateTime countedSince,
            long accepted,
            long duplicate,
            long rejected,
            long done,
            long failed) {
        boolean isWell() {
            return !isSilent && missing == 0 && pausedSince == null && dead == 0 && !takesNothing();
        }

        /** Whether what was tried of it failed, and nothing was done: its WordPress is down, or the AI. */
        public boolean takesNothing() {
            return waitingLater > 0 && done == 0;
        }
    }

    SiteStates(DataSource dataSource, SitePauses pauses, Silence silence, Clock clock) {
        this.database = JdbcClient.create(dataSource);
        this.pauses = pauses;
        this.contacts = new SiteContacts(dataSource, clock);
        this.silence = silence;
        this.clock = clock;
    }

    /**
     * Those that need looking after first, then by name.
     *
     * @param now what waits of each
     */
    List<SiteState> read(Now now, Instant since, Instant until) {
        Map<String, Contact> heard = contacts.read();
        Map<String, Pause> paused = pauses.list().stream().collect(Collectors.toMap(Pause::site, pause -> pause));
        long hour = Duration.ofSeconds(since.getEpochSecond()).toHours();
        Map<String, Map<String, Long>> counts = counts(hour, until);
        Set<String> sites = new TreeSet<>();
        List.of(heard, paused, now.sites(), counts).forEach(some -> sites.addAll(some.keySet()));
        OffsetDateTime countedSince = Instant.EPOCH.plus(Duration.ofHours(hour)).atOffset(ZoneOffset.UTC);
        return sites.stream()
                .map(site -> state(
                        site,
                        heard.get(site),
                        paused.getOrDefault(site, NOT_PAUSED),
                        now.ofSite(site),
                        countedSince,
                        counts.getOrDefault(site, Map.of())))
                .sorted(Comparator.comparing(SiteState::isWell).thenComparing(SiteState::site))
                .toList();
    }

    private SiteState state(
            String site,
            Contact contact,
            Pause pause,
            OfSite waiting,
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
                pause.pausedAt(),
                pause.reason(),
                pause.pausedUntil(),
                pause.byHand(),
                waiting.unfinished(),
                waiting.later(),
                waiting.dead(),
                countedSince,
                counts.getOrDefault(EventCounts.ACCEPTED, 0L),
                counts.getOrDefault(EventCounts.DUPLICATE, 0L),
                counts.getOrDefault(EventCounts.REJECTED, 0L),
                counts.getOrDefault(EventCounts.DONE, 0L),
                counts.getOrDefault(EventCounts.FAILED, 0L));
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
