package events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import events.EventPages.Page;
import events.EventQuery.Row;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lists of events, page by page, on each database. */
class EventPagesTest {
    private static final EventQuery ALL = new EventQuery(null, null, null, null, null, null);
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    @TempDir
    Path directory;

    private HikariDataSource dataSource;
    private EventLog eventLog;
    private EventPages pages;

    private void open(TestDatabase database) throws Exception {
        dataSource = database.create(directory);
        eventLog = new EventLog(dataSource, Clock.systemUTC());
        pages = new EventPages(dataSource, eventLog);
    }

    @AfterEach
    void close() {
        dataSource.close();
    }

    private UUID add(String site, String key, String event, String payload) {
        UUID id = EventLog.nextId();
        assertTrue(eventLog.add(new ReceivedEvent(
                id,
                site,
                key,
                event,
                payload.getBytes(StandardCharsets.UTF_8),
                "request-of-" + key,
                "00-" + TRACE + "-00f067aa0ba902b7-01")));
        return id;
    }

    private UUID add(String key) {
        return add("site", key, "post.published", "{}");
    }

    private void addMany(int number) {
        List<ReceivedEvent> events = IntStream.range(0, number)
                .mapToObj(i -> new ReceivedEvent(
                        EventLog.nextId(), "site", "many-" + i, "post.published", new byte[] {'{', '}'}, "r", null))
                .toList();
        eventLog.addAll(events);
    }

    private void kill(UUID id) {
        AttemptLog attempts = new AttemptLog(dataSource, Clock.systemUTC());
        Event claimed =
                new Claims(dataSource, Clock.systemUTC()).claim(id, null).orElseThrow();
        attempts.giveUp(claimed, "answered 401");
    }

    private static EventQuery search(String text) {
        return new EventQuery(null, null, null, null, null, text);
    }

    private static List<String> keys(Page page) {
        return page.events().stream().map(Row::key).toList();
    }

    private List<String> found(String text) {
        return keys(pages.before(search(text), new UUID(-1, -1), 10));
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void pages_go_to_the_oldest_and_back_and_none_is_shown_twice_whatever_comes_meanwhile(TestDatabase database)
            throws Exception {
        open(database);
        IntStream.range(0, 7).forEach(number -> add("key-" + number));
        Page first = pages.newest(ALL, 3);
        assertEquals(List.of("key-6", "key-5", "key-4"), keys(first));
        assertNull(first.previous());
        assertNull(first.searchedUntil());
        assertEquals(TRACE, first.events().get(0).traceId());
        add("came-meanwhile");
        Page second = pages.before(ALL, first.next(), 3);
        assertEquals(List.of("key-3", "key-2", "key-1"), keys(second));
        Page last = pages.before(ALL, second.next(), 3);
        assertEquals(List.of("key-0"), keys(last));
        assertNull(last.next());
        Page back = pages.after(ALL, last.previous(), 3);
        assertEquals(keys(second), keys(back));
        assertEquals(second.next(), back.next());
        Page newest = pages.after(ALL, pages.after(ALL, back.previous(), 3).previous(), 3);
        assertEquals(List.of("came-meanwhile"), keys(newest));
        assertNull(newest.previous(), "there is none newer");
        assertEquals(newest.events().get(0).id(), newest.next());
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void every_filter_finds_what_it_narrows_to_among_many(TestDatabase database) throws Exception {
        open(database);
        UUID dead = add("site", "dead", "lead.captured", "{\"form\":\"Contact\"}");
        kill(dead);
        add("quiet", "quiet-1", "comment.created", "{}");
        addMany(2_500);
        OffsetDateTime after = OffsetDateTime.now().plusSeconds(1);
        for (EventQuery query : List.of(
                new EventQuery("error", null, null, null, null, null),
                new EventQuery(null, "lead.captured", null, null, null, null),
                new EventQuery("error", "lead.captured", "site", null, after, "Contact"),
                search("answered 401"))) {
            assertEquals(List.of("dead"), keys(pages.newest(query, 10)), query::toString);
        }
        assertEquals(List.of("quiet-1"), keys(pages.newest(new EventQuery(null, null, "quiet", null, null, null), 10)));
        assertEquals(List.of(), keys(pages.newest(new EventQuery("error", null, "quiet", null, null, null), 10)));
        assertEquals(new EventPages.Count(1, true), pages.count(search("Contact"), 10));
        assertEquals(new EventPages.Count(100, false), pages.count(ALL, 100));
        assertEquals(new EventPages.Count(2_502, true), pages.count(ALL, 10_000));
        List<String> walked = new ArrayList<>();
        UUID next = new UUID(-1, -1);
        while (next != null) {
            Page page = pages.before(ALL, next, 200);
            walked.addAll(keys(page));
            next = page.next();
        }
        assertEquals(2_502, walked.stream().distinct().count());
        assertEquals(2_502, walked.size());
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void a_text_is_found_in_the_payload_however_json_writes_it(TestDatabase database) throws Exception {
        open(database);
        add(
                "site",
                "plain",
                "post.published",
                "{\"title\":\"Naïve 🐫 \\\"hills\\\" 50%\",\"url\":\"https://a.test/x\"}");
        add(
                "site",
                "php",
                "post.published",
                "{\"title\":\"Na\\u00efve \\ud83d\\udc2b \\\"hills\\\" 50%\",\"url\":\"https:\\/\\/a.test\\/x\"}");
        add("site", "other", "post.published", "{\"title\":\"50 of 100\"}");
        List<String> both = List.of("php", "plain");
        for (String text : List.of("Naïve 🐫", "\"hills\" 50%", "https://a.test/x")) {
            assertEquals(both, found(text), text);
        }
        assertEquals(List.of(), found("50_"), "taken literally");
        assertEquals(3, found(TRACE).size());
        assertEquals(List.of("php"), found("request-of-php"));
        assertEquals(List.of(), found("naïve"), "case counts");
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void an_exact_key_or_id_comes_by_itself_and_then_those_that_have_it_in_them(TestDatabase database)
            throws Exception {
        open(database);
        UUID id = add("order-1");
        add("another site", "order-1", "post.published", "{}");
        add("order-10");
        Page page = pages.newest(search("order-1"), 10);
        assertEquals(List.of("order-1", "order-1"), keys(page));
        assertNotNull(page.next());
        assertEquals(List.of("order-10"), keys(pages.before(search("order-1"), page.next(), 10)));
        assertEquals(List.of("order-1"), keys(pages.newest(search(id.toString()), 10)));
        assertEquals(
                List.of(),
                keys(pages.newest(new EventQuery("done", null, null, null, null, "order-1"), 10)),
                "the other filters hold");
        assertEquals(
                List.of("another site", "site"),
                eventLog.findByKey("order-1").stream().map(Event::site).toList());
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void a_walk_that_takes_long_stops_and_goes_on_from_there(TestDatabase database) throws Exception {
        open(database);
        add("needle");
        addMany(2_500);
        AtomicLong seconds = new AtomicLong();
        EventWalk slow = new EventWalk(dataSource, () -> seconds.incrementAndGet() * 1_000_000_000L);
        int stops = 0;
        UUID place = null;
        List<Row> found = new ArrayList<>();
        do {
            EventWalk.Stretch<Row> stretch = slow.walk(EventWalk.ROWS, search("needle"), place, false, 10);
            found.addAll(stretch.found());
            place = stretch.stoppedAt();
            stops++;
        } while (place != null);
        assertEquals(List.of("needle"), found.stream().map(Row::key).toList());
        assertEquals(3, stops, "a slice of a thousand each");
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void what_is_selected_is_replayed_if_it_is_dead(TestDatabase database) throws Exception {
        open(database);
        UUID dead = add("dead");
        UUID alive = add("alive");
        kill(dead);
        Replays replays = new Replays(dataSource, Clock.systemUTC());
        List<UUID> ids = List.of(alive, dead, EventLog.nextId());
        assertEquals(1, replays.preview(ids, false).size());
        assertEquals(2, replays.preview(ids, true).size());
        List<UUID> told = new ArrayList<>();
        List<EventQuery.Row> replayed = replays.replay(ids, false, "a test", told::addAll);
        assertEquals(List.of(dead), replayed.stream().map(EventQuery.Row::id).toList());
        assertEquals(List.of(dead), told);
        assertEquals("queued", eventLog.find(dead).orElseThrow().status());
        assertEquals(2, pages.statuses(ids).size());
        assertTrue(replays.replay(List.of(), false, "a test", told::addAll).isEmpty());
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void the_time_of_an_id_is_that_of_its_event(TestDatabase database) throws Exception {
        open(database);
        UUID id = add("key");
        OffsetDateTime received = eventLog.find(id).orElseThrow().receivedAt();
        OffsetDateTime made = EventWalk.timeOf(id);
        assertFalse(made.isAfter(received));
        assertFalse(made.isBefore(received.minusMinutes(1)));
        List<UUID> inOrder = new ArrayList<>(Arrays.asList(EventWalk.idAt(made.toInstant()), id));
        Collections.sort(inOrder);
        assertEquals(id, inOrder.get(1));
    }
}
