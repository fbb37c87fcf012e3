package chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private static final byte[] RESULT = {1};
    private static final byte[] OTHER_RESULT = {2};

    private final Effects effects = new Effects(false);
    private final Ledger ledger = new Ledger(effects);

    private void acknowledge(String key, long target) {
        ledger.sent(key, target);
        ledger.acknowledged(key);
    }

    @Test
    void an_acknowledged_event_with_one_effect_is_in_order() {
        acknowledge("a", 1);
        effects.apply("a:enrich_post", 1, RESULT);
        assertEquals(new Verdict(1, List.of(), List.of(), List.of()), ledger.verdict());
        assertTrue(ledger.unfinished().isEmpty());
    }

    @Test
    void an_acknowledged_event_without_an_end_is_lost() {
        acknowledge("a", 1);
        assertEquals(List.of("a"), ledger.unfinished());
        assertEquals(List.of("a: came to no end"), ledger.verdict().lost());
    }

    @Test
    void an_event_that_nobody_acknowledged_may_be_gone() {
        ledger.sent("a", 1);
        assertEquals(new Verdict(0, List.of(), List.of(), List.of()), ledger.verdict());
    }

    @Test
    void a_second_effect_counts_whatever_key_it_came_under_and_whether_it_was_acknowledged() {
        ledger.sent("a", 1);
        effects.apply("a:enrich_post", 1, RESULT);
        effects.apply("b:enrich_post", 1, RESULT);
        assertEquals(List.of("a: 2 effects on 1"), ledger.verdict().doubled());
    }

    @Test
    void another_result_for_the_same_event_is_a_second_effect_that_only_the_site_prevented() {
        acknowledge("a", 1);
        assertEquals(Effects.Outcome.APPLIED, effects.apply("a:enrich_post", 1, RESULT));
        assertEquals(Effects.Outcome.CONFLICT, effects.apply("a:enrich_post", 1, OTHER_RESULT));
        assertEquals(List.of("a: two different results for 1"), ledger.verdict().doubled());
    }

    @Test
    void a_repeated_call_back_is_no_second_effect_unless_the_site_forgets() {
        acknowledge("a", 1);
        effects.apply("a:enrich_post", 1, RESULT);
        assertEquals(Effects.Outcome.DUPLICATE, effects.apply("a:enrich_post", 1, RESULT));
        assertTrue(ledger.verdict().doubled().isEmpty());
        assertEquals(1, effects.repeated());
        Effects forgetful = new Effects(true);
        forgetful.apply("a:enrich_post", 1, RESULT);
        forgetful.apply("a:enrich_post", 1, RESULT);
        assertEquals(2, forgetful.count(1));
    }

    @Test
    void a_dead_letter_is_an_end_if_it_says_why() {
        acknowledge("a", 1);
        acknowledge("b", 2);
        ledger.dead("a", "HTTP 404");
        ledger.dead("b", " ");
        assertTrue(ledger.unfinished().isEmpty());
        assertEquals(List.of("a: HTTP 404"), ledger.verdict().dead());
        assertEquals(
                List.of("b: a dead letter without a reason"), ledger.verdict().lost());
    }

    @Test
    void an_effect_that_came_in_spite_of_a_dead_letter_is_an_effect() {
        acknowledge("a", 1);
        ledger.dead("a", "no answer");
        effects.apply("a:enrich_post", 1, RESULT);
        assertEquals(new Verdict(1, List.of(), List.of(), List.of()), ledger.verdict());
    }
}
