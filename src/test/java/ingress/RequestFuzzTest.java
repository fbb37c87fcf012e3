package ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import sites.Signature;
import sites.SiteKey;
import sites.Sites;
import sites.TestSite;

/** The way of a request from its bytes to what an automation sees: verify, parse, validate, normalize ({@code bin/fuzz}). */
class RequestFuzzTest {
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final Signature SIGNATURE = new Signature("secret");
    private static final Pattern TAG = Pattern.compile("<[a-zA-Z/!?]");
    private static final Set<Integer> REFUSALS = Set.of(400, 422);

    private static final EventParser PARSER = new EventParser(new EventSchemas());
    private static final RequestVerifier VERIFIER = new RequestVerifier(
            Sites.one(TestSite.signing(SiteKey.of("current", "site", "secret"))), Clock.fixed(NOW, ZoneOffset.UTC));

    /** Its seeds, an event of each kind, are in {@code src/test/resources}; in an ordinary run of tests they are all. */
    @FuzzTest
    void whatever_is_sent_is_refused_or_becomes_a_normal_event(byte[] content) {
        String timestamp = Long.toString(NOW.getEpochSecond());
        VERIFIER.verify(timestamp, SIGNATURE.sign(timestamp, content), null, content);
        try {
            PARSER.parse(content, "k", false);
        } catch (RejectedRequest e) {
            if (!REFUSALS.contains(e.status())) {
                throw e;
            }
            return;
        }
        isNormal(Normalizer.normalize(content));
    }

    private static void isNormal(Map<String, Object> event) {
        assertEquals(event, Normalizer.normalize(event));
        for (String field : new String[] {"title", "content", "author", "form"}) {
            // What is no text is a field that the event does not have, such as the form of a post: kept, and ignored.
            if (event.get(field) instanceof String text) {
                assertFalse(TAG.matcher(text).find(), field);
            }
        }
    }
}
