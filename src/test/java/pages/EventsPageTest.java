package pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import events.AnswerLog;
import events.Event;
import events.EventLog;
import events.RetryDelays;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import pages.PageClient.Answer;
import routes.TestRelay;
import wordpress.ManualPauses;
import wordpress.SitePauses;

/** The pages over the wire, of a relay without an admin token. */
class EventsPageTest {
    private static final String EVIL = "</pre><script>alert(1)</script><img src=x onerror=alert(2)>\"'";
    private static final int PAGE = 50;
    private static final int MOST_BYTES = 100_000;

    @TempDir(cleanup = CleanupMode.NEVER)
    static Path dataDir;

    static TestRelay relay;
    static PageClient browser;

    @BeforeAll
    static void start() throws Exception {
        relay = new TestRelay(dataDir).startReady();
        browser = new PageClient(relay.managementUrl());
    }

    @AfterAll
    static void stop() throws Exception {
        relay.close();
    }

    private static JdbcClient database() {
        return JdbcClient.create(relay.bean(DataSource.class));
    }

    /** An event as it stands in the event log when it has come to its end. @return its id */
    private static UUID ended(String key, String site, String status, String error, String payload) {
        UUID id = EventLog.nextId();
        OffsetDateTime now = OffsetDateTime.now();
        database()
                .sql("INSERT INTO relay_event (id, site, idempotency_key, event, payload, request_id, status, attempts,"
                        + " received_at, dispatched_at, started_at, finished_at, error)"
                        + " VALUES (?, ?, ?, 'test.event', ?, ?, ?, 1, ?, ?, ?, ?, ?)")
                .params(
                        id,
                        site,
                        key,
                        payload.getBytes(StandardCharsets.UTF_8),
                        "request-of-" + key,
                        status,
                        now,
                        now,
                        now,
                        now,
                        error)
                .update();
        return id;
    }

    /** An event that was taken so often, and waits in the broker for another twenty minutes. */
    private static UUID waiting(String key, int attempts, int retries, String error) {
        UUID id = ended(key, "default", "queued", error, "{}");
        database()
                .sql("UPDATE relay_event SET finished_at = NULL, attempts = ?, retries = ?, due_at = ? WHERE id = ?")
                .params(attempts, retries, OffsetDateTime.now().plusMinutes(20), id)
                .update();
        return id;
    }

    private static void failedAttempt(UUID event, int attempt, String outcome) {
        database()
                .sql("INSERT INTO relay_attempt (event_id, attempt, started_at, finished_at, outcome, error)"
                        + " SELECT id, ?, started_at, started_at, ?, error FROM relay_event WHERE id = ?")
                .params(attempt, outcome, event)
                .update();
    }

    private static UUID dead(String key, String site) {
        return ended(key, site, "error", "it broke", "{}");
    }

    private static Event event(String key) {
        return relay.bean(EventLog.class).findByKey(key).get(0);
    }

    private static List<String> keys(Answer list) {
        return list.page().select("td.key a").eachText();
    }

    @Test
    void a_browser_gets_a_page_and_a_program_gets_json() throws Exception {
        dead("negotiated", "negotiating");
        for (String path : new String[] {"/events?site=negotiating", "/events/negotiated"}) {
            Answer page = browser.get(path);
            assertEquals("text/html; charset=utf-8", page.header("Content-Type"), path);
            assertEquals("Accept", page.header("Vary"));
            Answer json = browser.with("Accept", "*/*").get(path);
            assertEquals("application/json", json.header("Content-Type"), path);
            assertEquals("Accept", json.header("Vary"));
            assertTrue(json.body().startsWith("{"));
        }
    }

    @Test
    void a_page_may_load_and_run_nothing_but_our_own_files() throws Exception {
        for (String path : new String[] {
            "/", "/events", "/events/none", "/replay", "/replayed?count=1", "/pause?site=default", "/health"
        }) {
            Answer answer = browser.get(path);
            String policy = answer.header("Content-Security-Policy");
            assertTrue(policy.startsWith("default-src 'none'; style-src 'self'; script-src 'self';"), path);
            assertFalse(policy.contains("unsafe"));
            assertTrue(policy.contains("frame-ancestors 'none'"));
            assertEquals("nosniff", answer.header("X-Content-Type-Options"));
            assertEquals("no-store", answer.header("Cache-Control"));
            Document page = answer.page();
            assertEquals(List.of(), page.select("[style], style, [onclick]").eachAttr("class"), path);
            page.select("[src], link")
                    .forEach(element -> assertTrue(
                            (element.attr("src") + element.attr("href")).startsWith("/assets/"), element.outerHtml()));
            assertEquals(1, page.select("script").size(), path);
            assertEquals(1, page.select("h1").size(), path);
        }
    }

    @Test
    void its_files_are_kept_for_ever_since_another_one_has_another_name() throws Exception {
        String style =
                browser.get("/events").page().select("link[rel=stylesheet]").attr("href");
        Answer file = browser.get(style);
        assertEquals("text/css; charset=utf-8", file.header("Content-Type"));
        assertTrue(file.header("Cache-Control").endsWith("immutable"));
        assertEquals(404, browser.get("/assets/pages-000000000000.css").status());
    }

    @Test
    void a_list_goes_on_page_by_page_and_back() throws Exception {
        List<String> newestFirst = new ArrayList<>();
        for (int i = 0; i < PAGE + 5; i++) {
            dead("paged-" + i, "paging");
            newestFirst.add(0, "paged-" + i);
        }
        Answer first = browser.get("/events?site=paging");
        assertEquals(newestFirst.subList(0, PAGE), keys(first));
        assertEquals("", first.page().select("a[rel=prev]").text());
        assertTrue(first.body().getBytes(StandardCharsets.UTF_8).length < MOST_BYTES);
        Answer second = browser.get(first.page().select("a[rel=next]").attr("href"));
        assertEquals(newestFirst.subList(PAGE, PAGE + 5), keys(second));
        assertEquals("", second.page().select("a[rel=next]").text());
        Answer back = browser.get(second.page().select("a[rel=prev]").attr("href"));
        assertEquals(newestFirst.subList(0, PAGE), keys(back));
    }

    @Test
    void the_address_has_what_the_filter_has_and_no_more() throws Exception {
        Answer sent = browser.get("/events?search=a+b&status=error&event=&site=&since=1h&from=&to=2026-01-31T09%3A30");
        assertEquals(303, sent.status());
        assertEquals(
                "/events?status=error&search=a+b&since=1h&until=2026-01-31T09%3A30%3A00Z", sent.header("Location"));
        Document page = browser.get(sent.header("Location")).page();
        assertEquals("a b", page.select("#search").val());
        assertEquals("error", page.select("#status option[selected]").val());
        assertEquals("1h", page.select("#since option[selected]").val());
        assertEquals("2026-01-31T09:30", page.select("#to").val());
    }

    @Test
    void a_filter_that_cannot_be_understood_is_said_and_finds_nothing() throws Exception {
        Answer answer = browser.get("/events?status=broken&since=yesterday");
        assertEquals(422, answer.status());
        assertTrue(answer.text("[role=alert]").startsWith("status must be one of"));
        assertEquals(List.of(), keys(answer));
    }

    @Test
    void where_nothing_matches_it_says_what_to_do() throws Exception {
        assertTrue(browser.get("/events?site=default&search=there-is-none")
                .text(".empty")
                .contains("No event matches"));
    }

    @Test
    void a_pause_lasts_as_long_as_somebody_writes() throws Exception {
        OffsetDateTime begin = OffsetDateTime.now();
        browser.post("/pauses", "site=default&for=7h&reason=");
        SitePauses.Pause pause = relay.bean(SitePauses.class).list().get(0);
        assertTrue(pause.pausedUntil().isAfter(begin.plusHours(7).minusSeconds(1)), pause.toString());
        assertTrue(pause.pausedUntil().isBefore(begin.plusHours(8)), pause.toString());
        browser.post("/resumes", "site=default");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "status=error&site=default | Nothing has failed at default",
                "status=queued&site=default | Nothing waits at default",
                "site=default&event=test.event | No event matches"
            })
    void where_nothing_matches_the_filter_says_what_is_not_there(String filter, String said) throws Exception {
        database().sql("DELETE FROM relay_event WHERE site = 'default'").update();
        assertEquals(said, browser.get("/events?" + filter).text(".empty h2"));
    }

    @Test
    void a_site_that_is_not_known_is_not_said_to_have_no_failures_and_gets_no_other_advice() throws Exception {
        Answer answer = browser.get("/events?status=error&site=nobody");
        assertEquals("No event matches Show all events", answer.text(".empty"));
    }

    @Test
    void dead_is_another_word_for_error() throws Exception {
        dead("found-as-dead", "words");
        ended("found-as-done", "words", "done", null, "{}");
        Answer answer = browser.get("/events?status=dead&site=words");
        assertEquals(List.of("found-as-dead"), keys(answer));
        assertEquals("error", answer.page().select("#status option[selected]").val());
        assertTrue(browser.with("Accept", "*/*")
                .get("/events?status=dead&site=words")
                .body()
                .contains("found-as-dead"));
    }

    @Test
    void an_exact_key_is_counted_and_replayed_alone_and_others_that_contain_it_are_a_click_away() throws Exception {
        UUID id = dead("exact", "exactly");
        dead("exact-1", "exactly");
        dead("exact-2", "exactly");
        Answer answer = browser.get("/events?search=exact&site=exactly");
        assertEquals(List.of("exact"), keys(answer));
        assertEquals("1 event has exactly this key or id; others that contain it", answer.text(".top [role=status]"));
        String replay = answer.page().select("a:contains(Replay it…)").attr("href");
        assertEquals("/replay?id=" + id, replay);
        assertEquals("Replay 1 event?", browser.get(replay).text("h1"));
        Answer others = browser.get(answer.page().select("[role=status] a").attr("href"));
        assertEquals(List.of("exact-2", "exact-1"), keys(others));
        String all = others.page().select("a:contains(Replay all dead)").attr("href");
        assertEquals("Replay 3 events?", browser.get(all).text("h1"));
    }

    @Test
    void what_waits_is_not_offered_for_a_replay_of_all() throws Exception {
        ended("waits-for-its-turn", "turns", "queued", null, "{}");
        Answer list = browser.get("/events?site=turns&status=queued");
        assertEquals(List.of("waits-for-its-turn"), keys(list));
        assertFalse(list.text(".top").contains("Replay all"));
        assertTrue(browser.get("/events?site=turns").text(".top").contains("Replay all dead ones that match"));
    }

    @Test
    void an_error_is_the_message_of_who_answered_and_the_same_ones_are_counted_before_a_replay() throws Exception {
        for (int post = 7007; post < 7010; post++) {
            String answered = "answered 422: {\"code\":\"ai_relay_invalid\",\"message\":\"post " + post
                    + " is locked\",\"data\":null} (http://site/wp-json/)";
            ended("locked-" + post, "locking", "error", answered, "{}");
        }
        ended("lost", "locking", "error", "no connection: refused", "{}");
        assertEquals(
                "422: post 7007 is locked (ai_relay_invalid)",
                browser.get("/events?search=locked-7007").text(".key .why"));
        assertTrue(browser.get("/events/locked-7007").text(".note pre").contains("\"data\":null"));
        Answer plan = browser.get("/replay?site=locking");
        assertEquals(
                List.of("3 × 422: post … is locked (ai_relay_invalid)", "1 × no connection: refused"),
                plan.page().select("main form li").eachText());
        assertEquals("All 4 of them, the oldest first, as they are replayed", plan.text(".top .soft"));
        assertTrue(plan.text("main form").contains("its tries count anew"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "site=nobody | default | site 'nobody' is not known here, and nothing has it; there are ",
                "event=post.publishd | post.published | event 'post.publishd' is not known here, and nothing has it; there are "
            })
    void a_name_that_was_mistyped_does_not_pass_for_none_that_matches(String filter, String known, String said)
            throws Exception {
        Answer list = browser.get("/events?" + filter);
        assertEquals(422, list.status());
        assertTrue(list.text("[role=alert]").startsWith(said), list.text("[role=alert]"));
        assertTrue(list.text("[role=alert]").contains(known), list.text("[role=alert]"));
        Answer plan = browser.get("/replay?" + filter);
        assertEquals(422, plan.status());
        assertTrue(plan.text("main").contains(said), plan.text("main"));
    }

    @Test
    void what_is_known_by_name_is_chosen_from_a_list() throws Exception {
        Document page = browser.get("/events?event=test.event&status=done").page();
        assertEquals(List.of("", "default"), page.select("#site option").eachAttr("value"));
        assertTrue(page.select("#event option").eachAttr("value").contains("post.published"));
        assertEquals("test.event", page.select("#event option[selected]").val(), "which the relay does not know");
    }

    @Test
    void what_somebody_sent_is_text_and_never_markup() throws Exception {
        String payload = "{\"title\":" + new com.fasterxml.jackson.databind.node.TextNode(EVIL) + "}";
        UUID id = ended("hostile", "hostile\"><script>alert(3)</script>", "error", EVIL, payload);
        String site = Filter.encode("hostile\"><script>alert(3)</script>");
        for (String path : new String[] {
            "/events?site=" + site, "/events/hostile", "/replay?id=" + id, "/", "/events?search=" + Filter.encode(EVIL)
        }) {
            Document page = browser.get(path).page();
            assertEquals(List.of(), page.select("script:not([src]), img:not([src^=/assets/]), [onerror]"), path);
            assertEquals(1, page.select("script").size(), path);
        }
        assertTrue(browser.get("/events/hostile").text("pre").contains("</pre><script>alert(1)</script>"));
        assertEquals(
                EVIL,
                browser.get("/events?search=" + Filter.encode(EVIL))
                        .page()
                        .select("#search")
                        .val());
    }

    @Test
    void an_event_says_why_it_failed_and_what_to_do() throws Exception {
        dead("failed-for-good", "failing");
        Answer answer = browser.get("/events/failed-for-good");
        assertTrue(answer.text(".note").contains("It failed for good"));
        assertTrue(answer.text(".note pre").contains("it broke"));
        assertTrue(answer.text(".timeline").contains("Dead letter"));
        assertEquals("request-of-failed-for-good", answer.text("#request-id"));
        assertTrue(answer.text("pre").contains("bin/relay show failed-for-good"));
    }

    @Test
    void an_event_whose_site_is_paused_has_not_failed_and_says_until_when_it_waits() throws Exception {
        OffsetDateTime end = OffsetDateTime.now().plusMinutes(12);
        relay.bean(ManualPauses.class).pause("default", end, "plugin update");
        waiting("held-back", 4, 0, "waits, since call-backs to site 'default' are paused: plugin update");
        Answer answer = browser.get("/events/held-back");
        relay.bean(ManualPauses.class).resume("default");
        String note = answer.text(".note");
        assertTrue(note.startsWith("It is held back, since its site is paused. Try 1 of"), note);
        String until = new Times(end).exactSecond(end);
        assertTrue(note.contains("An operator paused default until " + until + " (in 1"), note);
        assertTrue(note.contains(": plugin update. Its events use up no try"), note);
        assertFalse(note.contains("failed") || note.contains("waits, since"), note);
        assertEquals(
                "Resume default…",
                answer.page().select(".note a[href=/pause?site=default]").text());
        String timeline = answer.text(".timeline");
        assertTrue(timeline.contains("attempts 1 to 4, no try used up"), timeline);
        assertEquals(until, answer.text(".timeline li:last-child .nowrap").replaceAll("\\.\\d+", ""));
        assertTrue(answer.text(".facts").contains("Attempts 4 no try used up by 4"), answer.text(".facts"));
        String row = browser.get("/events?search=held-back")
                .page()
                .select("td.key .why")
                .attr("class");
        assertEquals("why soft", row);
    }

    @Test
    void an_event_that_was_held_back_for_another_reason_says_that() throws Exception {
        waiting("held-otherwise", 1, 0, "waits, since the budget of today is spent");
        String note = browser.get("/events/held-otherwise").text(".note");
        assertTrue(note.startsWith("It goes on later; no try was used up. It goes on in "), note);
        assertTrue(note.contains("the budget of today is spent"), note);
    }

    @Test
    void an_event_that_failed_says_which_try_is_next_and_what_comes_of_the_last() throws Exception {
        int most = relay.bean(RetryDelays.class).tries();
        failedAttempt(waiting("failed-once", 1, 1, "answered 503"), 1, "retry");
        String note = browser.get("/events/failed-once").text(".note");
        assertTrue(note.startsWith("It failed and waits for its next try. The next try is due in "), note);
        assertTrue(
                note.matches(".*Try 2 of " + most + "; if the last one, at \\S+ \\S+ UTC or later, fails, the .*"),
                note);
        failedAttempt(waiting("failed-often", 1, most - 1, "answered 503"), 1, "retry");
        String last = browser.get("/events/failed-often").text(".note");
        assertTrue(last.contains("Try " + most + " of " + most + ", the last: if it fails, the event is a"), last);
    }

    @Test
    void what_an_AI_answered_is_shown_once_where_it_is_the_result() throws Exception {
        UUID id = ended("answered", "answering", "done", null, "{}");
        database()
                .sql("UPDATE relay_event SET result = '{\"a\": 1, \"b\": 2}' WHERE id = ?")
                .param(id)
                .update();
        relay.bean(AnswerLog.class).keep(id, new events.Answer("enrich_post", "local", "m", "{\"b\":2,\"a\":1}"));
        relay.bean(AnswerLog.class).keep(id, new events.Answer("moderate_comment", "local", "m", "{\"b\":3}"));
        assertEquals(
                List.of("Result, the AI’s answer: enrich_post", "AI’s answer: moderate_comment", "Payload"),
                browser.get("/events/answered")
                        .page()
                        .select("section[aria-label] h2")
                        .eachText());
    }

    @Test
    void an_event_is_found_by_the_id_of_its_trace() throws Exception {
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        UUID id = dead("traced", "tracing");
        database()
                .sql("UPDATE relay_event SET traceparent = ? WHERE id = ?")
                .params("00-" + trace + "-00f067aa0ba902b7-01", id)
                .update();
        Answer answer = browser.get("/events/traced");
        assertEquals(trace, answer.text("#trace-id"));
        String search = answer.page().select("#trace-id").attr("href");
        assertEquals(List.of("traced"), keys(browser.get(search)));
    }

    @Test
    void an_event_that_two_sites_have_is_chosen_from_a_list() throws Exception {
        dead("of-two", "one");
        dead("of-two", "two");
        Answer answer = browser.get("/events/of-two");
        assertEquals("/events?search=of-two", answer.header("Location"));
        assertEquals(List.of("of-two", "of-two"), keys(browser.get(answer.header("Location"))));
        assertEquals(200, browser.get("/events/of-two?site=two").status());
    }

    @Test
    void an_event_that_was_erased_says_so_and_is_not_replayed() throws Exception {
        UUID id = dead("erased-one", "erasing");
        database()
                .sql("UPDATE relay_event SET erased_at = ? WHERE id = ?")
                .params(OffsetDateTime.now(), id)
                .update();
        Answer answer = browser.get("/events/erased-one");
        assertTrue(answer.text(".note").contains("The data of this event was removed"));
        assertEquals("", answer.page().select("main a[href^=/replay]").text());
        assertEquals("Nothing to replay", browser.get("/replay?id=" + id).text("h1"));
    }

    @Test
    void an_error_is_a_page_with_what_to_do_and_no_trace_of_the_program() throws Exception {
        Answer answer = browser.get("/events/there-is-none");
        assertEquals(404, answer.status());
        assertTrue(answer.text("main").contains("There is no event with this key"));
        assertFalse(answer.body().contains("Exception"));
        assertEquals(answer.header("X-Request-Id"), answer.text("main code"));
        assertEquals(422, browser.get("/replay?id=not-an-id").status());
        assertEquals(422, browser.get("/?span=13h").status());
    }

    @Test
    void health_is_a_page_for_who_reads_pages() throws Exception {
        Answer answer = browser.get("/health");
        assertTrue(answer.text("tbody tr:contains(Recording events)").startsWith("up"));
        assertTrue(answer.text("tbody tr:contains(What waits)").contains("for a later try"));
        String providers = answer.text("tbody tr:contains(AI providers)");
        assertTrue(providers.contains("local: closed") && providers.contains("closed: it is asked"), providers);
        assertEquals("Health", answer.text("nav a[aria-current]"));
    }

    @Test
    void where_there_is_no_page_a_browser_gets_one_that_says_so_and_a_program_json() throws Exception {
        Answer answer = browser.get("/nosuch");
        assertEquals(404, answer.status());
        assertEquals("There is no such page", answer.text("h1"));
        assertEquals(answer.header("X-Request-Id"), answer.text("main code"));
        assertTrue(answer.header("Content-Security-Policy").startsWith("default-src 'none'"));
        assertEquals("nosniff", answer.header("X-Content-Type-Options"));
        Answer json = browser.with("Accept", "*/*").get("/nosuch");
        assertEquals(404, json.status());
        assertEquals("{\"error\":\"not found\"}", json.body());
    }

    @Test
    void one_event_is_replayed_after_it_was_asked_about() throws Exception {
        UUID id = dead("replay-one", "replaying");
        Answer plan = browser.get("/replay?id=" + id);
        assertEquals("Replay 1 event?", plan.text("h1"));
        assertTrue(plan.text("tbody tr").startsWith("error replay-one it broke test.event replaying just now"));
        assertEquals(0, event("replay-one").replays());
        Answer done = browser.post("/replays", "id=" + id);
        assertEquals("/events/replay-one?site=replaying&replayed=1", done.header("Location"));
        Answer event = browser.get(done.header("Location"));
        assertTrue(event.text("[role=status]").contains("It was put back"));
        assertEquals("by an operator on the events page", event.text(".timeline li.retry .soft"));
        assertEquals(1, event("replay-one").replays());
    }

    @Test
    void of_those_that_are_selected_the_dead_ones_are_replayed_and_the_others_if_confirmed() throws Exception {
        UUID dead = dead("selected-dead", "selecting");
        UUID done = ended("selected-done", "selecting", "done", null, "{}");
        String both = "id=" + dead + "&id=" + done;
        Answer plan = browser.get("/replay?" + both);
        assertTrue(plan.text(".note").contains("1 of these 2 events has not failed: 1 done."));
        Answer result = browser.get(browser.post("/replays", both).header("Location"));
        assertEquals("Replaying 1 event", result.text("h1"));
        assertTrue(result.text("[role=status]").contains("1 was left alone"));
        assertEquals(List.of("selected-dead"), keys(result));
        assertEquals(
                List.of(1, 0),
                List.of(event("selected-dead").replays(), event("selected-done").replays()));
        browser.post("/replays", "force=true&id=" + done);
        assertEquals(1, event("selected-done").replays());
    }

    @Test
    void all_that_match_are_replayed_and_nothing_that_came_after_the_plan() throws Exception {
        for (int i = 0; i < 25; i++) {
            dead("matching-" + i, "matching");
        }
        ended("matching-done", "matching", "done", null, "{}");
        Answer plan = browser.get("/replay?site=matching");
        assertEquals("Replay 25 events?", plan.text("h1"));
        assertEquals(20, keys(plan).size());
        assertEquals("The first 20 of 25 events, the oldest first, as they are replayed", plan.text(".top .soft"));
        StringBuilder form = new StringBuilder();
        plan.page()
                .select("main form input[type=hidden]")
                .forEach(field ->
                        form.append('&').append(field.attr("name")).append('=').append(Filter.encode(field.val())));
        dead("matching-later", "matching");
        Answer result = browser.get(browser.post("/replays", form.substring(1)).header("Location"));
        assertEquals("Replaying 25 events", result.text("h1"));
        assertEquals(25, keys(result).size(), "those and no others");
        String ends = result.text(".tools strong");
        assertTrue(ends.matches("(\\d+ (failed again|in work|waiting)(, )?)+"), ends);
        assertEquals(
                25, Stream.of(ends.split("\\D+")).mapToInt(Integer::parseInt).sum(), ends);
        assertFalse(keys(result).contains("matching-later"));
        assertEquals(1, event("matching-7").replays());
        assertEquals(0, event("matching-later").replays());
        assertEquals(0, event("matching-done").replays());
    }

    @Test
    void what_has_not_failed_is_not_replayed_unless_that_is_confirmed() throws Exception {
        ended("unconfirmed", "confirming", "done", null, "{}");
        assertEquals(
                409, browser.post("/replays", "status=done&site=confirming").status());
        assertEquals(0, event("unconfirmed").replays());
        assertEquals(400, browser.post("/replays", "").status());
        assertEquals("Nothing to replay", browser.get("/replay").text("h1"));
    }

    @Test
    void to_go_on_is_confirmed_like_the_beginning() throws Exception {
        UUID first = ended("going-on-1", "going-on", "done", null, "{}");
        ended("going-on-2", "going-on", "done", null, "{}");
        Answer result = browser.get("/replayed?count=1&status=done&site=going-on&force=true&after=" + first);
        assertEquals(0, result.page().select("main form").size());
        String rest = result.page().select("main a.first").attr("href");
        assertEquals("/replay?status=done&site=going-on&after=" + first, rest);
        Answer plan = browser.get(rest);
        assertEquals("Replay 1 event?", plan.text("h1"));
        assertEquals(List.of("going-on-2"), keys(plan));
        assertEquals(
                first.toString(),
                plan.page().select("main form input[name=after]").val());
        assertEquals(
                1,
                plan.page()
                        .select("main form input[name=force][type=checkbox]:not([checked])")
                        .size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"cross-site", "same-site", "none"})
    void a_form_of_somebody_elses_changes_nothing(String site) throws Exception {
        String key = "forged-" + site;
        UUID id = dead(key, "forging");
        PageClient evil = browser.with("Sec-Fetch-Site", site);
        assertEquals(403, evil.postFromElsewhere("/replays", "id=" + id).status());
        assertEquals(0, event(key).replays());
    }

    @Test
    void a_browser_that_says_only_the_origin_is_believed_when_it_is_ours() throws Exception {
        UUID id = dead("old-browser", "browsing");
        for (String origin : new String[] {"null", "https://evil.test", browser.address() + "0"}) {
            PageClient evil = browser.with("Origin", origin);
            assertEquals(403, evil.postFromElsewhere("/replays", "id=" + id).status(), origin);
        }
        assertEquals(403, browser.postFromElsewhere("/replays", "id=" + id).status());
        PageClient own = browser.with("Origin", browser.address());
        assertEquals(303, own.postFromElsewhere("/replays", "id=" + id).status());
        assertEquals(1, event("old-browser").replays());
    }

    @Test
    void no_page_of_another_site_reads_ours_and_a_link_leads_here() throws Exception {
        PageClient evil = browser.with("Sec-Fetch-Site", "cross-site");
        assertEquals(403, evil.with("Sec-Fetch-Mode", "no-cors").get("/events").status());
        assertEquals(200, evil.with("Sec-Fetch-Mode", "navigate").get("/events").status());
        assertEquals("same-origin", browser.get("/events").header("Cross-Origin-Resource-Policy"));
    }

    @Test
    void a_name_that_was_bent_to_lead_here_shows_nothing() throws Exception {
        assertEquals("HTTP/1.1 403 Forbidden", browser.statusLineUnderName("evil.test"));
        assertEquals("HTTP/1.1 200 OK", browser.statusLineUnderName("localhost"));
    }

    @Test
    void without_a_token_there_is_nothing_to_log_in_to() throws Exception {
        assertEquals("/", browser.get("/login").header("Location"));
        assertNull(browser.post("/session", "token=").header("Set-Cookie"));
        assertEquals("", browser.get("/events").text("header button"));
    }

    @Test
    void a_site_is_paused_and_resumed_after_it_was_asked_about() throws Exception {
        Answer form = browser.get("/pause?site=default");
        assertEquals("Pause default?", form.text("h1"));
        assertEquals("1h", form.page().select("#for").val(), "so that none is forgotten");
        assertEquals(403, browser.postFromElsewhere("/pauses", "site=default").status());
        Answer paused = browser.post("/pauses", "site=default&for=1h&reason=" + Filter.encode("<b>moves</b> house"));
        assertEquals("/?changed=default#sites", paused.header("Location"));
        Answer overview = browser.get("/?changed=default");
        String said = overview.text("[role=status]");
        assertTrue(said.matches("default is paused until 20.* UTC \\(<b>moves</b> house\\); what .*"), said);
        assertTrue(overview.text(".note.bad").contains("default is paused by an operator"));
        String site = overview.text("section[aria-labelledby=sites] tr:contains(default)");
        assertTrue(site.contains("paused by hand") && site.contains("UTC: <b>moves</b> house"), site);
        Answer plan = browser.get("/pause?site=default");
        assertEquals("Resume default?", plan.text("h1"));
        assertEquals(1, plan.page().select("main form").size());
        browser.post("/resumes", "site=default");
        assertFalse(relay.bean(SitePauses.class).isPaused("default"));
        assertEquals("Pause default?", browser.get("/pause?site=default").text("h1"));
    }

    @Test
    void a_site_or_a_key_that_was_mistyped_is_said_with_what_there_is() throws Exception {
        Answer page = browser.get("/pause?site=defualt");
        assertEquals(422, page.status());
        assertTrue(
                page.text("main").contains("site 'defualt' is not known here; there is default."), page.text("main"));
        PageClient program = browser.with("Accept", "*/*");
        Answer pause = program.postFromElsewhere("/sites/defualt/pause", "");
        assertEquals(404, pause.status());
        assertTrue(pause.body().contains("'defualt' is not known here; there is default"), pause.body());
        Answer show = program.get("/events/mistyped");
        assertEquals(404, show.status());
        assertTrue(show.body().contains("bin/relay events --search mistyped looks for it"), show.body());
    }

    @Test
    void what_is_the_matter_with_a_site_stands_in_its_row() throws Exception {
        database()
                .sql("INSERT INTO relay_site_contact (site, heard_at, ask_after, missing) VALUES ('gappy', ?, ?, 1)")
                .params(OffsetDateTime.now(), OffsetDateTime.now().plusDays(1))
                .update();
        Answer overview = browser.get("/");
        Document page = overview.page();
        String row = page.select(".note.bad a:contains(1 event of gappy has not come)")
                .attr("href");
        assertTrue(row.startsWith("#site-"), overview.text(".note.bad"));
        assertTrue(
                page.select(row).text().contains("has not come though the plugin has numbered it"),
                page.select(row)::text);
        assertFalse(page.select("tr#" + row.substring(1)).isEmpty());
    }

    @Test
    void a_site_that_refuses_us_can_be_resumed_or_paused_by_hand() throws Exception {
        OffsetDateTime now = OffsetDateTime.now();
        database()
                .sql(
                        "INSERT INTO relay_pause (site, reason, paused_at, paused_until) VALUES ('default', 'it answered 401', ?, ?)")
                .params(now, now.plusHours(1))
                .update();
        Answer plan = browser.get("/pause?site=default");
        assertTrue(plan.text("form[action=/resumes]").contains("it answered 401"));
        assertEquals(1, plan.page().select("form[action=/pauses]").size());
        browser.post("/pauses", "site=default&for=&reason=");
        SitePauses.Pause pause = relay.bean(SitePauses.class).list().get(0);
        assertTrue(pause.byHand());
        assertNull(pause.pausedUntil());
        browser.post("/resumes", "site=default");
        assertEquals(List.of(), relay.bean(SitePauses.class).list());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "site=nobody", "site=default&for=soon", "site=default&for=2020-01-01T00:00:00Z"})
    void a_pause_that_cannot_be_understood_is_none(String form) throws Exception {
        assertEquals(422, browser.post("/pauses", form).status());
        assertEquals(List.of(), relay.bean(SitePauses.class).list());
    }

    @Test
    void the_overview_says_what_is_to_be_looked_at() throws Exception {
        dead("overview-dead", "overviewed");
        Answer answer = browser.get("/?span=24h");
        assertTrue(answer.text(".note.bad").contains("failed for good"));
        assertEquals("/events?status=error", answer.page().select(".note.bad a").attr("href"));
        assertNotEquals("0", answer.text("a.tile[href='/events?status=error'] .value"));
        assertTrue(answer.text("section table").contains("overviewed"));
        assertEquals(4, answer.page().select("figure").size());
        String period = answer.text("#over-time .soft");
        assertTrue(period.matches("since 20\\d\\d-\\d\\d-\\d\\d \\d\\d:00 UTC"), period);
        assertEquals(
                3, answer.page().select(".tile .more:contains(" + period + ")").size());
        assertTrue(answer.text("#sites").endsWith("accepted and failed for good " + period));
        assertEquals("24 hours", answer.text("a[aria-current=true]"));
    }
}
