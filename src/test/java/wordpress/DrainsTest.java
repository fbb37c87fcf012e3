package wordpress;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.matching.UrlPattern;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import com.zaxxer.hikari.HikariDataSource;
import contact.ContactGauges;
import contact.ContactWriter;
import contact.Heard;
import contact.Silence;
import contact.SiteContacts;
import events.MovableClock;
import events.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import sites.Addresses;
import sites.Site;
import sites.SiteKey;
import sites.Sites;

/** What is missing and what is silent, and who is asked for it; on each database, with a WordPress over the wire. */
class DrainsTest {
    private static final UrlPattern DRAIN = urlEqualTo("/wp-json/ai-relay/v1/drain");
    private static final String BLOG = "blog";

    @TempDir
    Path directory;

    static WireMockServer wordpress;

    private final MovableClock clock = new MovableClock();
    private HikariDataSource dataSource;
    private Heard heard;
    private SiteContacts contacts;
    private ContactWriter writer;
    private ContactGauges gauges;
    private Drains drains;

    @BeforeAll
    static void start() {
        wordpress = new WireMockServer(WireMockConfiguration.options().dynamicPort());
        wordpress.start();
    }

    @AfterAll
    static void stop() {
        wordpress.stop();
    }

    @BeforeEach
    void begin() {
        wordpress.resetAll();
        answer(okJson(drained(0, 1L << 53)));
    }

    @AfterEach
    void close() {
        dataSource.close();
    }

    private void open(TestDatabase database) throws Exception {
        dataSource = database.create(directory);
        heard = new Heard(clock);
        contacts = new SiteContacts(dataSource, clock);
        writer = new ContactWriter(contacts, heard, clock);
        gauges = new ContactGauges(contacts, heard, new Silence(Duration.ofMinutes(15), BLOG::equals), clock);
        drains = drains(contacts, Duration.ofMinutes(15));
    }

    private Drains drains(SiteContacts known, Duration silence) {
        PluginClient client = new PluginClient(
                SiteDnsResolver.connections(SystemDefaultDnsResolver.INSTANCE, Addresses.parse(""), 8),
                Duration.ofSeconds(30),
                clock,
                text -> text);
        Sites sites = Sites.many(List.of(site(BLOG, wordpress.baseUrl()), site("mute", "")));
        return new Drains(sites, known, client, new Silence(silence, site -> true), Runnable::run, clock);
    }

    private static Site site(String id, String url) {
        return new Site(
                id,
                url,
                List.of(SiteKey.of(id + "-1", id, "a secret of " + id)),
                new Site.Credentials("", ""),
                Site.Limits.OF_RELAY,
                Addresses.parse(""),
                Set.of());
    }

    private static void answer(ResponseDefinitionBuilder answer) {
        wordpress.stubFor(post(DRAIN).willReturn(answer));
    }

    private static String drained(int sent, long sequence, long... absent) {
        return "{\"sent\":%d,\"refused\":0,\"retry\":0,\"waiting\":0,\"sequence\":%d,\"absent\":%s}"
                .formatted(sent, sequence, java.util.Arrays.toString(absent));
    }

    private static List<LoggedRequest> asked() {
        return wordpress.findAll(postRequestedFor(DRAIN));
    }

    private void come(long... numbers) {
        come(BLOG, numbers);
    }

    private void come(String site, long... numbers) {
        heard.from(site);
        for (long number : numbers) {
            heard.event(site, number);
        }
        writer.write();
    }

    private void later(Duration duration) {
        clock.advance(duration);
        drains.look();
    }

    private void later(int minutes) {
        later(Duration.ofMinutes(minutes));
    }

    private double missing() {
        return contacts.read().get(BLOG).missing();
    }

    @ParameterizedTest
    @EnumSource
    void numbers_that_are_missing_for_two_minutes_are_asked_for_with_a_signature(TestDatabase database)
            throws Exception {
        open(database);
        come(1, 2, 5, 9);
        later(1);
        assertEquals(0, asked().size());
        assertEquals(0, missing());
        later(1);
        assertEquals(5, missing());
        assertEquals(1, asked().size());
        LoggedRequest request = asked().get(0);
        assertEquals("{\"sequences\":[3,4,6,7,8]}", request.getBodyAsString());
        assertEquals(site(BLOG, "").sign(clock.instant(), request.getBody()), request.getHeader("X-WP-Signature"));
        assertFalse(request.containsHeader("Authorization"));
        come(3, 4, 6, 7, 8);
        later(10);
        assertEquals(0, missing());
        assertEquals(1, asked().size());
    }

    @ParameterizedTest
    @EnumSource
    void events_that_overtake_each_other_are_no_gap(TestDatabase database) throws Exception {
        open(database);
        for (long number = 1; number < 40; number += 2) {
            come(number + 1);
            later(Duration.ofSeconds(30));
            come(number);
        }
        later(1);
        assertEquals(0, asked().size());
        assertEquals(1, contacts.read().get(BLOG).ranges().size());
    }

    @ParameterizedTest
    @EnumSource
    void what_the_site_calls_absent_is_missing_no_longer_and_of_what_nobody_asked_for_nothing_is_believed(
            TestDatabase database) throws Exception {
        open(database);
        come(1, 4, 8);
        answer(okJson(drained(0, 8, 2, 3, 5, 77)));
        later(2);
        assertEquals(2, missing(5));
        come(6, 7);
        assertEquals(0, missing(5));
        assertEquals(1, contacts.read().get(BLOG).ranges().size());
    }

    /** After another look, in so many minutes. */
    private double missing(int minutes) {
        later(minutes);
        return missing();
    }

    @ParameterizedTest
    @EnumSource
    void a_relay_asks_for_five_hundred_at_once_however_far_a_number_jumps(TestDatabase database) throws Exception {
        open(database);
        come(1, 9_000_000_000_000_000L);
        answer(okJson(drained(0, 9_000_000_000_000_000L)));
        later(2);
        String body = asked().get(0).getBodyAsString();
        assertTrue(body.startsWith("{\"sequences\":[2,3,") && body.endsWith(",501]}"), body);
        come(Long.MAX_VALUE, 1L << 53);
        assertEquals(2, contacts.read().get(BLOG).ranges().size());
    }

    @ParameterizedTest
    @EnumSource
    void a_site_that_counts_anew_is_followed(TestDatabase database) throws Exception {
        open(database);
        come(1, 500, 812);
        answer(okJson(drained(0, 7)));
        later(2);
        // What had not come before is missing still.
        assertEquals(5, missing(10));
        come(8, 10);
        answer(okJson(drained(0, 10)));
        later(10);
        assertEquals(
                "{\"sequences\":[2,3,4,5,6,9]}", asked().get(asked().size() - 1).getBodyAsString());
    }

    @ParameterizedTest
    @EnumSource
    void a_silent_site_is_asked_and_its_answer_breaks_the_silence(TestDatabase database) throws Exception {
        open(database);
        come(1);
        answer(okJson(drained(2, 3)));
        later(14);
        assertEquals(0, asked().size());
        later(1);
        assertEquals("{}", asked().get(0).getBodyAsString());
        later(14);
        assertEquals(1, asked().size());
        later(1);
        assertEquals(2, asked().size());
    }

    @ParameterizedTest
    @EnumSource
    void who_sends_without_numbers_or_has_no_address_is_never_asked(TestDatabase database) throws Exception {
        open(database);
        come(0);
        come("mute", 1, 5);
        come("of the past", 1, 5);
        later(60 * 24);
        assertEquals(0, asked().size());
        assertEquals(3, contacts.read().get("mute").missing());
    }

    @ParameterizedTest
    @EnumSource
    void without_a_time_for_silence_only_what_is_missing_is_asked_for(TestDatabase database) throws Exception {
        open(database);
        drains = drains(contacts, Duration.ZERO);
        come(1);
        later(60 * 24);
        assertEquals(0, asked().size());
        come(3);
        later(2);
        assertEquals(1, asked().size());
    }

    static Stream<Arguments> nonsense() {
        return Stream.of(TestDatabase.values()).flatMap(database -> Stream.of(
                        aResponse().withStatus(404).withBody("{\"code\":\"rest_no_route\"}"),
                        aResponse().withStatus(401),
                        aResponse().withStatus(302).withHeader("Location", "/elsewhere"),
                        aResponse().withFault(Fault.EMPTY_RESPONSE),
                        okJson("[]"),
                        okJson("{}"),
                        okJson("{\"sent\":\"many\",\"absent\":7}"),
                        aResponse().withBody("<html>"))
                .map(answer -> Arguments.of(database, answer)));
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void who_answers_nonsense_is_asked_less_and_less_often(TestDatabase database, ResponseDefinitionBuilder answer)
            throws Exception {
        open(database);
        come(1);
        answer(answer);
        // Whoever never answers is asked less and less often: after 5, 10, 20 … minutes, at last once a day.
        for (int minute = 0; minute < 10 * 24 * 60; minute += 5) {
            later(5);
        }
        int all = asked().size();
        assertTrue(all >= 12 && all <= 18, all + " times in ten days");
    }

    @ParameterizedTest
    @EnumSource
    void numbers_that_never_come_are_asked_for_less_and_less_often(TestDatabase database) throws Exception {
        open(database);
        come(1, 3);
        answer(okJson(drained(0, 3)));
        for (int minute = 0; minute < 24 * 60; minute += 5) {
            heard.from(BLOG);
            later(5);
        }
        int all = asked().size();
        assertTrue(all >= 5 && all <= 10, all + " times in a day");
    }

    @ParameterizedTest
    @EnumSource
    void an_answer_that_is_not_quite_one_is_believed_where_it_can_be(TestDatabase database) throws Exception {
        open(database);
        come(1, 3, 5);
        answer(okJson("{\"sent\":0,\"sequence\":-5,\"absent\":[\"2\",2.0,null,4,-4,1e400]}".replace(",1e400", "")));
        later(2);
        assertEquals(1, missing(0));
        assertEquals(
                5,
                JdbcClient.create(dataSource)
                        .sql("SELECT max(last_number) FROM relay_site_sequence")
                        .query(Integer.class)
                        .single());
    }

    @ParameterizedTest
    @EnumSource
    void two_relays_know_together_what_has_come_and_one_of_them_asks(TestDatabase database) throws Exception {
        open(database);
        Heard othersEar = new Heard(clock);
        SiteContacts others = new SiteContacts(dataSource, clock);
        ContactWriter othersWriter = new ContactWriter(others, othersEar, clock);
        Drains othersDrains = drains(others, Duration.ofMinutes(15));
        come(1, 3, 5);
        othersEar.event(BLOG, 2);
        othersWriter.write();
        clock.advance(Duration.ofMinutes(2));
        drains.look();
        othersDrains.look();
        assertEquals(1, asked().size());
        assertEquals("{\"sequences\":[4]}", asked().get(0).getBodyAsString());
    }

    @ParameterizedTest
    @EnumSource
    void the_metrics_say_what_is_missing_and_for_how_long_nothing_was_heard(TestDatabase database) throws Exception {
        open(database);
        assertTrue(Double.isNaN(gauges.read().apply(BLOG).silentSeconds()));
        come(1, 4);
        later(3);
        clock.advance(Duration.ofSeconds(10));
        assertEquals(2, gauges.read().apply(BLOG).missing());
        assertEquals(0, gauges.read().apply("mute").missing());
        assertTrue(Double.isNaN(gauges.read().apply("mute").silentSeconds()));
        assertEquals(10, gauges.read().apply(BLOG).silentSeconds());
        assertTrue(gauges.read().apply(BLOG).isAsked());
        assertFalse(gauges.read().apply("mute").isAsked());
        heard.from(BLOG);
        assertEquals(0, gauges.read().apply(BLOG).silentSeconds());
    }

    @ParameterizedTest
    @EnumSource
    void of_two_relays_that_take_turns_none_forgets_what_is_lost(TestDatabase database) throws Exception {
        open(database);
        Heard othersEar = new Heard(clock);
        SiteContacts others = new SiteContacts(dataSource, clock);
        ContactWriter othersWriter = new ContactWriter(others, othersEar, clock);
        come(1, 3);
        for (long first = 4; first < 4_000; first += 1_000) {
            clock.advance(Duration.ofSeconds(3));
            for (long number = first; number < first + 1_000; number += 2) {
                heard.event(BLOG, number);
                othersEar.event(BLOG, number + 1);
            }
            writer.write();
            othersWriter.write();
        }
        later(2);
        assertEquals("{\"sequences\":[2]}", asked().get(0).getBodyAsString());
        assertEquals(1, missing());
    }

    @ParameterizedTest
    @EnumSource
    void one_site_that_cannot_be_written_down_keeps_no_other_from_it(TestDatabase database) throws Exception {
        open(database);
        JdbcClient.create(dataSource)
                .sql("ALTER TABLE relay_site_contact ADD CONSTRAINT none_of_it CHECK (site <> 'cursed')")
                .update();
        for (String site : List.of("a", "cursed", "z")) {
            heard.from(site);
            heard.event(site, 7);
        }
        assertThrows(DataAccessException.class, writer::write);
        assertEquals(Set.of("a", "z"), contacts.read().keySet());
        JdbcClient.create(dataSource)
                .sql("ALTER TABLE relay_site_contact DROP CONSTRAINT none_of_it")
                .update();
        writer.write();
        assertEquals(7, contacts.read().get("cursed").ranges().get(0).last());
    }

    @ParameterizedTest
    @EnumSource
    void while_nothing_can_be_read_nothing_is_said(TestDatabase database) throws Exception {
        open(database);
        come(1);
        assertEquals(0, gauges.read().apply(BLOG).missing());
        JdbcClient admin = JdbcClient.create(dataSource);
        admin.sql("ALTER TABLE relay_site_sequence RENAME TO hidden").update();
        assertThrows(DataAccessException.class, gauges::read);
        admin.sql("ALTER TABLE hidden RENAME TO relay_site_sequence").update();
        assertEquals(0, gauges.read().apply(BLOG).missing());
    }

    @ParameterizedTest
    @EnumSource
    void what_cannot_be_written_down_is_kept(TestDatabase database) throws Exception {
        open(database);
        come(1, 2);
        JdbcClient admin = JdbcClient.create(dataSource);
        admin.sql("ALTER TABLE relay_site_sequence RENAME TO hidden").update();
        heard.event(BLOG, 3);
        writer.writeIfPossible();
        heard.event(BLOG, 4);
        admin.sql("ALTER TABLE hidden RENAME TO relay_site_sequence").update();
        writer.write();
        assertEquals(4, contacts.read().get(BLOG).ranges().get(0).last());
    }
}
