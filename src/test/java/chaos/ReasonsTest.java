package chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReasonsTest {
    @Test
    void reasons_that_differ_in_addresses_and_numbers_are_one() {
        assertEquals(
                Map.of("answered 404 (…)", 2L, "event # is too old", 1L),
                Reasons.count(List.of(
                        "a: answered 404 (http://127.0.0.1:1/x)",
                        "b: answered 404 (http://127.0.0.1:2/y)",
                        "c: event 12345 is too old")));
    }
}
