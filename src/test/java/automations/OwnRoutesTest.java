package automations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import events.HeldBack;
import events.MovableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.Route;
import org.apache.camel.builder.NoErrorHandlerBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.LifecycleStrategySupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The routes of the user's beside some of the relay's, in a context of their own. */
class OwnRoutesTest {
    private final DefaultCamelContext context = new DefaultCamelContext();
    private final LayeredDirect direct = new LayeredDirect();
    private final LogLines log = new LogLines();
    private final Map<String, Source> files = new TreeMap<>();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final MovableClock clock = new MovableClock();
    private OwnRoutes routes;
    private ProducerTemplate template;

    @BeforeEach
    void start() throws Exception {
        context.addComponent("direct", direct);
        context.getCamelContextExtension().setErrorHandlerFactory(new NoErrorHandlerBuilder());
        context.getRegistry().bind("gate", (Processor) exchange -> gate.await());
        RouteBuilder.addRoutes(context, relay -> {
            relay.from("direct:notify-crm").routeId("notify-crm").setBody(relay.constant("the relay's"));
            relay.from("direct:ask-ai").routeId("ask-ai").setBody(relay.constant("the relay's"));
            relay.from("direct:work").routeId("work").toD("direct:${header.to}");
        });
        context.start();
        template = context.createProducerTemplate();
        routes = new OwnRoutes(context, clock, text -> text.replace("hunter2", "***"));
        routes.takeStock();
    }

    @AfterEach
    void stop() {
        log.close();
        context.stop();
    }

    private static String route(String id, String from, String says) {
        return """
                - route:
                    id: %s
                    from:
                      uri: %s
                      steps:
                        - setBody:
                            id: say-%s
                            constant: "%s"
                """.formatted(id, from, id, says);
    }

    private void write(String name, String text) {
        files.put(name, Source.of(text));
        routes.replace(files, false);
    }

    private void take(String name) {
        files.remove(name);
        routes.replace(files, false);
    }

    private String send(String to) {
        return template.requestBodyAndHeader("direct:work", "nothing", "to", to, String.class);
    }

    private List<String> ids() {
        return context.getRoutes().stream().map(Route::getRouteId).sorted().toList();
    }

    @Test
    void a_file_is_a_route_until_it_goes() {
        write("orders.camel.yaml", route("charge", "direct:on-order.paid", "one"));
        assertEquals("one", send("on-order.paid"));
        assertTrue(direct.has("on-order.paid"));
        take("orders.camel.yaml");
        assertFalse(direct.has("on-order.paid"));
        assertThrows(CamelExecutionException.class, () -> send("on-order.paid"));
        write("orders.camel.yaml", route("charge", "direct:on-order.paid", "three"));
        assertEquals("three", send("on-order.paid"));
        assertEquals(List.of(), log.errors());
    }

    @Test
    void a_file_may_have_the_name_of_an_event() {
        write("on-order.paid.camel.yaml", route("charge", "direct:on-order.paid", "one"));
        assertEquals("one", send("on-order.paid"));
        assertEquals(List.of(), log.errors());
    }

    @Test
    void a_new_version_takes_the_place_of_the_old_one_which_finishes_what_it_has_in_hand() throws Exception {
        write("orders.camel.yaml", """
                - route:
                    id: charge
                    from:
                      uri: direct:on-order.paid
                      steps:
                        - process:
                            id: wait
                            ref: gate
                        - setBody:
                            constant: "one"
                """);
        CompletableFuture<String> inHand = CompletableFuture.supplyAsync(() -> send("on-order.paid"));
        while (context.getInflightRepository().size("charge@1") == 0) {
            Thread.onSpinWait();
        }
        write("orders.camel.yaml", route("charge", "direct:on-order.paid", "two"));
        assertEquals("two", send("on-order.paid"));
        tidyUp(3);
        assertTrue(ids().contains("charge@1"), "it has something in hand");
        gate.countDown();
        assertEquals("one", inHand.get(10, TimeUnit.SECONDS));
        tidyUp(2);
        assertEquals(List.of("ask-ai", "charge@2", "notify-crm", "work"), ids());
        assertEquals("two", send("on-order.paid"));
    }

    @Test
    void a_route_whose_file_gets_another_name_is_there_all_the_time() {
        write("orders.camel.yaml", route("charge", "direct:on-order.paid", "one"));
        List<Boolean> isThere = new ArrayList<>();
        context.addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onRoutesAdd(Collection<Route> added) {
                isThere.add(direct.has("on-order.paid"));
            }
        });
        files.remove("orders.camel.yaml");
        write("paid.camel.yaml", route("charge", "direct:on-order.paid", "two"));
        assertEquals("two", send("on-order.paid"));
        assertEquals(List.of(true), isThere);
        take("paid.camel.yaml");
        assertFalse(direct.has("on-order.paid"));
        assertEquals(List.of(), log.errors());
    }

    @Test
    void a_route_that_stops_an_exchange_is_refused_since_nobody_could_end_the_event() {
        for (String step : List.of("stop: {}", "rollback: {message: \"no\"}")) {
            write("orders.camel.yaml", """
                    - route:
                        id: charge
                        from:
                          uri: direct:on-order.paid
                          steps:
                            - filter:
                                simple: "${body} == null"
                                steps:
                                  - %s
                    """.formatted(step));
            assertFalse(direct.has("on-order.paid"), step);
            assertTrue(log.errors().get(0).contains("has a stop or a rollback in it"), log.errors()::toString);
        }
        assertEquals(2, log.errors().size(), log.errors()::toString);
    }

    @Test
    void a_route_with_an_order_of_start_gets_new_versions_too() {
        String ordered =
                route("charge", "direct:on-order.paid", "one").replace("    from:", "    startupOrder: 7\n    from:");
        write("orders.camel.yaml", ordered);
        write("orders.camel.yaml", ordered.replace("one", "two"));
        assertEquals("two", send("on-order.paid"));
        assertEquals(List.of(), log.errors());
    }

    private void tidyUp(int times) throws Exception {
        for (int i = 0; i < times; i++) {
            routes.tidyUp();
        }
    }

    @Test
    void nothing_fails_that_is_sent_while_a_route_is_replaced_again_and_again() throws Exception {
        write("orders.camel.yaml", route("charge", "direct:on-order.paid", "0"));
        AtomicBoolean isOver = new AtomicBoolean();
        List<CompletableFuture<Integer>> senders = List.of(sender(isOver), sender(isOver));
        for (int version = 1; version <= 20; version++) {
            write("orders.camel.yaml", route("charge", "direct:on-order.paid", Integer.toString(version)));
            assertEquals(Integer.toString(version), send("on-order.paid"));
            tidyUp(1);
        }
        isOver.set(true);
        for (CompletableFuture<Integer> sender : senders) {
            assertTrue(sender.get(30, TimeUnit.SECONDS) > 0);
        }
        tidyUp(2);
        assertEquals(List.of("ask-ai", "charge@21", "notify-crm", "work"), ids());
    }

    private CompletableFuture<Integer> sender(AtomicBoolean isOver) {
        return CompletableFuture.supplyAsync(() -> {
            int sent = 0;
            while (!isOver.get()) {
                Integer.parseInt(send("on-order.paid"));
                sent++;
            }
            return sent;
        });
    }

    @Test
    void one_of_the_relays_is_replaced_and_is_there_again_when_the_file_goes() throws Exception {
        assertEquals("the relay's", send("notify-crm"));
        write("crm.camel.yaml", route("notify-crm", "direct:notify-crm", "mine"));
        assertEquals("mine", send("notify-crm"));
        take("crm.camel.yaml");
        assertEquals("the relay's", send("notify-crm"));
        tidyUp(2);
        assertEquals(List.of("ask-ai", "notify-crm", "work"), ids());
        assertEquals("the relay's", send("notify-crm"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "- route: [                                            | it is no YAML, at line 1",
                "route: {}                                             | a list of routes",
                "''                                                    | a list of routes",
                "- beans: []                                           | it has \"beans\" in it",
                "- routeConfiguration: {}                              | it has \"routeConfiguration\" in it",
                "- route: {id: a, from: {uri: 'direct:on-a.b', steps: [{setBodi: {constant: x}}]}} | setBodi",
                "- route: {id: a, from: {uri: 'direct:on-a.b', steps: [{to: {uri: 'no-such:x'}}]}} | no-such",
                "- route: {id: a, from: {uri: 'direct:on-a.b', steps: [{setBody: {simple: '${boddy'}}]}} | ${boddy",
                "- route: {id: a, from: {uri: 'direct:on-a.b', steps: [{bean: {ref: nobody, method: x}}]}} | nobody",
                "- route: {id: a, from: {uri: 'direct:on-a.b', steps: [{to: {uri: 'direct:{{un.set}}'}}]}} | un.set",
                "- route: {id: a, from: {uri: 'direct:on-a.b', steps: [{to: {uri: 'no-such:hunter2'}}]}} | ***",
                "- route: {from: {uri: 'direct:on-a.b', steps: []}}    | has no id",
                "- route: {id: a, from: {uri: 'timer:on-a.b?period=1', steps: []}} | is from timer:on-a.b?…; it should be from direct:",
                "- route: {id: a, from: {uri: 'direct:ask-ai', steps: []}} | direct:ask-ai is the relay's own and cannot be replaced",
                "- route: {id: ask-ai, from: {uri: 'direct:on-a.b', steps: []}} | 'ask-ai' is the id of a route of the relay's",
                "- route: {id: a, from: {uri: 'direct:on-order.paid', steps: []}} | a route from direct:on-order.paid is in orders.camel.yaml too",
                "- route: {id: charge, from: {uri: 'direct:on-a.b', steps: []}} | route 'charge' is in orders.camel.yaml too",
            })
    void what_cannot_be_used_is_told_in_one_line_and_leaves_all_as_it_was(String text, String problem) {
        write("orders.camel.yaml", route("charge", "direct:on-order.paid", "one"));
        write("new.camel.yaml", text == null ? "" : text);
        assertEquals(1, log.errors().size(), log.errors().toString());
        String line = log.errors().get(0);
        assertTrue(line.startsWith("RELAY_AUTOMATIONS_DIR: new.camel.yaml cannot be used, and it is left out: "), line);
        assertTrue(line.contains(problem), line);
        assertFalse(line.contains("hunter2"), line);
        assertFalse(line.contains("\n"), line);
        assertEquals(List.of("ask-ai", "charge@1", "notify-crm", "work"), ids());
        assertEquals("one", send("on-order.paid"));
    }

    @Test
    void a_file_that_breaks_keeps_what_it_said_before_and_is_told_once() {
        write("orders.camel.yaml", route("charge", "direct:on-order.paid", "one"));
        write("orders.camel.yaml", route("charge", "direct:on-order.paid", "two") + "  - oops");
        write("other.camel.yaml", route("other", "direct:on-other.thing", "other"));
        assertEquals("one", send("on-order.paid"));
        assertEquals("other", send("on-other.thing"));
        assertEquals(1, log.errors().size(), log.errors().toString());
        assertTrue(
                log.errors().get(0).contains("and what it said before holds: it is no YAML, at line"),
                log.errors().get(0));
        write("orders.camel.yaml", route("charge", "direct:on-order.paid", "three"));
        assertEquals("three", send("on-order.paid"));
    }

    @Test
    void of_a_file_with_two_routes_both_start_or_none() {
        write("orders.camel.yaml", route("charge", "direct:on-order.paid", "one"));
        write(
                "orders.camel.yaml",
                route("charge", "direct:on-order.paid", "two")
                        + route("post", "direct:on-order.sent", "two")
                                .replace("constant:", "simple:")
                                .replace("two\"", "${boddy\""));
        assertEquals("one", send("on-order.paid"));
        assertFalse(direct.has("on-order.sent"));
    }

    @Test
    void a_route_may_move_from_one_file_to_another() {
        write("b.camel.yaml", route("charge", "direct:on-order.paid", "b") + route("other", "direct:on-a.b", "b"));
        files.put("a.camel.yaml", Source.of(route("charge", "direct:on-order.paid", "a")));
        write("b.camel.yaml", route("other", "direct:on-a.b", "b"));
        assertEquals("a", send("on-order.paid"));
        assertEquals(List.of(), log.errors());
    }

    @Test
    void what_was_in_the_way_may_go() {
        write("b.camel.yaml", route("charge", "direct:on-order.paid", "b"));
        write("a.camel.yaml", route("charge", "direct:on-order.paid", "a"));
        assertEquals("b", send("on-order.paid"));
        take("b.camel.yaml");
        assertEquals("a", send("on-order.paid"));
    }

    @Test
    void what_is_broken_at_the_start_lets_its_events_wait_until_it_is_mended() {
        files.put("crm.camel.yaml", Source.of(route("notify-crm", "direct:notify-crm", "mine") + "  - oops"));
        files.put("ask-ai.camel.yaml", Source.of("- from: {uri: 'direct:ask-ai', oops"));
        routes.replace(files, true);
        assertEquals(2, log.errors().size());
        assertTrue(log.errors().get(1).contains("crm.camel.yaml cannot be used, and what it is for waits until"));
        CamelExecutionException failure = assertThrows(CamelExecutionException.class, () -> send("notify-crm"));
        assertTrue(failure.getCause() instanceof HeldBack, String.valueOf(failure.getCause()));
        assertTrue(failure.getCause()
                .getMessage()
                .contains("since crm.camel.yaml in RELAY_AUTOMATIONS_DIR cannot be used"));
        assertEquals("the relay's", send("ask-ai"));
        write("crm.camel.yaml", "still broken");
        assertThrows(CamelExecutionException.class, () -> send("notify-crm"));
        write("crm.camel.yaml", route("notify-crm", "direct:notify-crm", "mine"));
        assertEquals("mine", send("notify-crm"));
    }

    @Test
    void the_longer_a_file_is_broken_the_rarer_its_events_look_again() {
        files.put("crm.camel.yaml", Source.of("- from: direct:notify-crm\n  oops"));
        routes.replace(files, true);
        assertWaitsBetween(Duration.ofSeconds(15), Duration.ofSeconds(30));
        clock.advance(Duration.ofHours(1));
        write("crm.camel.yaml", "- from: direct:notify-crm\n  still");
        assertWaitsBetween(Duration.ofMinutes(2), Duration.ofMinutes(4));
    }

    private void assertWaitsBetween(Duration least, Duration most) {
        CamelExecutionException failure = assertThrows(CamelExecutionException.class, () -> send("notify-crm"));
        HeldBack held = assertInstanceOf(HeldBack.class, failure.getCause());
        Duration wait = Duration.between(clock.instant(), held.until());
        assertTrue(wait.compareTo(least) >= 0 && wait.compareTo(most) <= 0, wait.toString());
    }

    @Test
    void what_is_broken_at_the_start_and_taken_away_leaves_the_relays_own() {
        files.put("crm.camel.yaml", Source.of("- from: direct:notify-crm\n  oops"));
        routes.replace(files, true);
        assertThrows(CamelExecutionException.class, () -> send("notify-crm"));
        take("crm.camel.yaml");
        assertEquals("the relay's", send("notify-crm"));
    }

    @Test
    void a_provider_is_named_as_its_file() {
        write("ask-claude.camel.yaml", route("ask-claude", "direct:ask-cloud", "x"));
        assertTrue(
                log.errors().get(0).contains("no route in it is from direct:ask-claude"),
                log.errors().toString());
        write("ask-claude.camel.yaml", route("ask-claude", "direct:ask-claude", "x"));
        assertEquals("x", send("ask-claude"));
    }
}
