package ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import sites.Signature;
import sites.SiteKey;
import sites.Sites;
import sites.TestSite;

/** Whatever a stranger sends is refused with a status of the contract, and what a site signs is known as its own. */
class RequestPropertyTest {
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final String SECRET = "a secret of the site's";
    private static final Set<Integer> REFUSALS = Set.of(400, 401, 422);

    private final EventParser parser = new EventParser(new EventSchemas());
    private final RequestVerifier verifier = new RequestVerifier(
            Sites.one(TestSite.signing(
                    SiteKey.of("current", "site", SECRET), SiteKey.of("next", "site", "another secret"))),
            Clock.fixed(NOW, ZoneOffset.UTC));

    @Provide
    Arbitrary<String> almostJson() {
        List<String> pieces = List.of(
                "{",
                "}",
                "[",
                "]",
                ":",
                ",",
                "\"",
                "\\",
                "\\u0000",
                "null",
                "true",
                "1e400",
                "-0",
                "0x1",
                "NaN",
                "\"event\"",
                "\"post.published\"",
                "\"comment.created\"",
                "\"lead.captured\"",
                "\"batch.requested\"",
                "\"idempotency_key\"",
                "\"site\"",
                "\"post_id\"",
                "\"fields\"",
                "\"ids\"",
                "\"k\"",
                "7",
                " ",
                "\n",
                "\ufeff",
                "/*",
                "//",
                "'",
                "é",
                "\u0000",
                "9".repeat(50),
                "[".repeat(40));
        return Arbitraries.of(pieces).list().ofMaxSize(60).map(list -> String.join("", list));
    }

    @Property
    void bytes_that_are_no_event_are_refused(@ForAll @Size(max = 400) byte[] content) {
        refusedOrFine(() -> parser.parse(content, "k", false));
    }

    @Property
    void what_looks_like_json_is_an_event_or_refused(@ForAll("almostJson") String content) {
        refusedOrFine(() -> parser.parse(content.getBytes(StandardCharsets.UTF_8), "k", false));
    }

    @Property
    void whatever_the_headers_hold_is_refused(
            @ForAll String timestamp, @ForAll String signatures, @ForAll String keyId) {
        byte[] content = "{}".getBytes(StandardCharsets.UTF_8);
        RejectedRequest refused =
                assertThrows(RejectedRequest.class, () -> verifier.verify(timestamp, signatures, keyId, content));
        assertEquals(401, refused.status());
    }

    @Property
    void what_a_site_signs_within_the_window_is_its_own(
            @ForAll byte[] content, @ForAll @LongRange(min = -300, max = 300) long late) {
        String timestamp = Long.toString(NOW.getEpochSecond() + late);
        String signature = new Signature(SECRET).sign(timestamp, content);
        assertEquals(
                "current",
                verifier.verify(timestamp, "00, " + signature, null, content).id());
    }

    @Property
    void no_other_bytes_time_or_signature_will_do(
            @ForAll @Size(min = 1, max = 100) byte[] content,
            @ForAll @IntRange(min = 0, max = 99) int at,
            @ForAll @IntRange(min = 1, max = 255) int change) {
        String timestamp = Long.toString(NOW.getEpochSecond());
        String signature = new Signature(SECRET).sign(timestamp, content);
        byte[] other = content.clone();
        other[at % other.length] ^= (byte) change;
        String earlier = Long.toString(NOW.getEpochSecond() - 1);
        char[] forged = signature.toCharArray();
        forged[at % forged.length] = forged[at % forged.length] == 'f' ? '0' : 'f';
        assertEquals(401, refusal(() -> verifier.verify(timestamp, signature, null, other)));
        assertEquals(401, refusal(() -> verifier.verify(earlier, signature, null, content)));
        assertEquals(401, refusal(() -> verifier.verify(timestamp, new String(forged), null, content)));
    }

    @Property
    void a_time_outside_the_window_is_refused(@ForAll byte[] content, @ForAll @LongRange(min = 301) long off) {
        for (long seconds : new long[] {NOW.getEpochSecond() - off, NOW.getEpochSecond() + off}) {
            String timestamp = Long.toString(seconds);
            String signature = new Signature(SECRET).sign(timestamp, content);
            assertEquals(401, refusal(() -> verifier.verify(timestamp, signature, null, content)));
        }
    }

    private static int refusal(Supplier<?> request) {
        return assertThrows(RejectedRequest.class, request::get).status();
    }

    private static void refusedOrFine(Supplier<?> request) {
        try {
            request.get();
        } catch (RejectedRequest e) {
            assertTrue(REFUSALS.contains(e.status()), e.toString());
        }
    }
}
