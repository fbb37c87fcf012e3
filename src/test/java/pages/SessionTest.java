package pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionTest {
    private static final Instant NOW = Instant.parse("2026-01-31T09:30:00Z");
    private static final String TOKEN = "the operator's token";

    private final Session session = session(TOKEN, NOW);

    private static Session session(String token, Instant now) {
        return new Session(token, Clock.fixed(now, ZoneOffset.UTC));
    }

    @Test
    void another_relay_with_the_same_token_believes_it() {
        assertTrue(session(TOKEN, NOW.plusSeconds(60)).isValid(session.begin()));
    }

    @Test
    void a_relay_with_another_token_does_not() {
        assertFalse(session("another", NOW).isValid(session.begin()));
    }

    @Test
    void it_ends() {
        String cookie = session.begin();
        assertTrue(session(TOKEN, NOW.plus(Session.LENGTH).minusSeconds(1)).isValid(cookie));
        assertFalse(session(TOKEN, NOW.plus(Session.LENGTH)).isValid(cookie));
    }

    @Test
    void nobody_makes_it_longer() {
        String[] parts = session.begin().split("\\.");
        String longer = Long.parseLong(parts[0]) + Duration.ofDays(1).toSeconds() + "." + parts[1] + "." + parts[2];
        assertFalse(session.isValid(longer));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "..", "9999999999", "9999999999.x", "9999999999.x.y", "x.y.z", "the operator's token"})
    void what_is_no_session_is_none(String cookie) {
        assertFalse(session.isValid(cookie));
    }

    @Test
    void none_is_none() {
        assertFalse(session.isValid(null));
    }

    @Test
    void no_two_are_the_same_and_none_holds_the_token() {
        assertNotEquals(session.begin(), session.begin());
        assertFalse(session.begin().contains(TOKEN));
    }

    @Test
    void only_the_token_is_the_token() {
        assertEquals(true, session.isToken(TOKEN));
        assertFalse(session.isToken(TOKEN + " "));
        assertFalse(session.isToken(""));
    }
}
