package routes;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Requests that nobody should send, as they are on the wire; the same ones for the same seed. */
final class BadRequests {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KEY = "corpus-1";
    private static final List<String> STEERING = List.of(
            "CamelHttpUri: http://169.254.169.254/",
            "CAmelHttpUri: http://169.254.169.254/",
            "camelhttpmethod: DELETE",
            "CamelHttpResponseCode: 500",
            "CamelExecCommandExecutable: id",
            "CamelJmsDestinationName: elsewhere",
            "_AMQ_DUPL_ID: 1",
            "_AMQ_SCHED_DELIVERY: 9999999999999",
            "JMSXGroupID: g",
            "JMSReplyTo: elsewhere",
            "RelaySite: another",
            "RelayReason: x",
            "breadcrumbId: x",
            "traceparent: 00-zz-zz-00",
            "X-Forwarded-For: 10.0.0.1, ${jndi:ldap://x}",
            "Forwarded: for=\"[::1]\"",
            "Expect: 200-ok",
            "X-HTTP-Method-Override: DELETE");
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "-1",
            "1.5",
            "1e400",
            "9".repeat(39),
            "9".repeat(60),
            "\"\"",
            "\"x\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"<script>\"",
            "\"${jndi:ldap://x}\"",
            "[]",
            "[[]]",
            "{}",
            "{\"a\":{}}",
            "[null]",
            "\"" + "y".repeat(5_000) + "\"",
            "[".repeat(40) + "]".repeat(40));
    private static final List<String> REQUEST_LINES = List.of(
            "GET /webhooks/wp HTTP/1.1",
            "PUT /webhooks/wp HTTP/1.1",
            "post /webhooks/wp HTTP/1.1",
            "POST /webhooks/wp?CamelHttpUri=http://x&CamelHttpMethod=DELETE HTTP/1.1",
            "POST /webhooks/wp/%00 HTTP/1.1",
            "POST /webhooks/../webhooks/wp HTTP/1.1",
            "POST //webhooks/wp HTTP/1.1",
            "POST http://x/webhooks/wp HTTP/1.1",
            "POST /webhooks/wp/%2e%2e%2f HTTP/1.1",
            "POST /%ZZ HTTP/1.1",
            "POST /webhooks/wp HTTP/9.9",
            "OPTIONS * HTTP/1.1",
            "TRACE /webhooks/wp HTTP/1.1",
            "CONNECT x:1 HTTP/1.1",
            "PRI * HTTP/2.0",
            "POST /webhooks/wp",
            "\u0000\u0001\u0002",
            "POST /webhooks/wp" + "/a".repeat(3_000) + " HTTP/1.1");
    private static final List<String> FRAMINGS = List.of(
            "Content-Length: -1",
            "Content-Length: 1\r\nContent-Length: 2",
            "Content-Length: 99999999999999999999",
            "Content-Length: 0x10",
            "Transfer-Encoding: chunked\r\nContent-Length: 5",
            "Transfer-Encoding: gzip",
            "Transfer-Encoding: xchunked",
            "Content-Encoding: gzip\r\nContent-Length: 2",
            "Content-Length : 2",
            "Content-Length: 300000");
    private static final List<byte[]> BODIES = bodies();

    private final Random random;
    private final String secret;

    BadRequests(long seed, String secret) {
        this.random = new Random(seed);
        this.secret = secret;
    }

    byte[] next() {
        return switch (random.nextInt(6)) {
            case 0 -> request("POST /webhooks/wp HTTP/1.1", headers(any(BODIES)), any(BODIES));
            case 1 -> signed(any(BODIES), List.of());
            case 2 -> signed(wrongType(), List.of());
            case 3 -> signed(bytes(Samples.post(KEY).toString()), List.of(any(STEERING), any(STEERING)));
            case 4 -> spoiltHeaders();
            default -> spoiltHttp();
        };
    }

    /** One field of one event is of another kind. */
    private byte[] wrongType() {
        List<String> events = List.of(
                Samples.post(KEY).toString(),
                Samples.comment(KEY, "Well said.").toString(),
                "{\"event\":\"lead.captured\",\"idempotency_key\":\"" + KEY
                        + "\",\"site\":\"s\",\"lead_id\":7,\"form\":\"f\","
                        + "\"fields\":{\"message\":\"m\"},\"encrypted\":\"a..b.c.d\"}",
                "{\"event\":\"batch.requested\",\"idempotency_key\":\"" + KEY
                        + "\",\"site\":\"s\",\"task\":\"enrich_posts\"," + "\"ids\":[1]}");
        try {
            ObjectNode event = (ObjectNode) JSON.readTree(any(events));
            List<String> fields = new ArrayList<>();
            event.fieldNames().forEachRemaining(fields::add);
            String field = any(fields);
            event.remove(field);
            String rest = event.toString();
            return bytes("{\"" + field + "\":" + any(VALUES) + "," + rest.substring(1));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private byte[] signed(byte[] body, List<String> more) {
        List<String> headers = headers(body);
        headers.addAll(random.nextInt(headers.size()), more);
        return request("POST /webhooks/wp HTTP/1.1", headers, body);
    }

    private byte[] spoiltHeaders() {
        byte[] body = bytes(Samples.post(KEY).toString());
        List<String> headers = headers(body);
        int which = random.nextInt(headers.size());
        String name = headers.get(which).split(":")[0];
        switch (random.nextInt(4)) {
            case 0 -> headers.remove(which);
            case 1 -> headers.add(headers.get(which));
            case 2 -> headers.set(which, name + ": ");
            default ->
                headers.set(
                        which,
                        name + ": "
                                + any(List.of(
                                        "x",
                                        "é",
                                        "-1",
                                        "99999999999999999999",
                                        "\t",
                                        "a\u0000b",
                                        "text/plain",
                                        "${x}",
                                        "'; DROP TABLE relay_event; --",
                                        "v1a,AAAA",
                                        "0".repeat(9_000))));
        }
        return request("POST /webhooks/wp HTTP/1.1", headers, body);
    }

    private byte[] spoiltHttp() {
        byte[] body = bytes("{}");
        List<String> headers = headers(body);
        if (random.nextBoolean()) {
            return request(any(REQUEST_LINES), headers, body);
        }
        String line = any(List.of(
                any(FRAMINGS),
                " folded: x",
                "no colon",
                ": no name",
                "X-Bad\u0001: x",
                "X-Split: a\r\nX-WP-Key-Id: b",
                "X-Many: 1\r\n".repeat(200) + "X-Last: 1"));
        headers.add(line);
        return text("POST /webhooks/wp HTTP/1.1", headers, body);
    }

    private List<String> headers(byte[] body) {
        List<String> headers = new ArrayList<>();
        long timestamp = Instant.now().getEpochSecond();
        headers.add("Content-Type: application/json");
        headers.add("X-WP-Timestamp: " + timestamp);
        headers.add("X-WP-Signature: " + Client.sign(secret, Long.toString(timestamp), body));
        headers.add("Idempotency-Key: " + KEY);
        return headers;
    }

    private static byte[] request(String line, List<String> headers, byte[] body) {
        List<String> all = new ArrayList<>(headers);
        all.add("Content-Length: " + body.length);
        return text(line, all, body);
    }

    private static byte[] text(String line, List<String> headers, byte[] body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(bytes(line + "\r\nHost: relay\r\n" + String.join("\r\n", headers) + "\r\n\r\n"));
        bytes.writeBytes(body);
        return bytes.toByteArray();
    }

    private static List<byte[]> bodies() {
        String post = Samples.post(KEY).toString();
        List<byte[]> bodies = new ArrayList<>();
        for (String text : List.of(
                "",
                "{",
                "[]",
                "null",
                "7",
                "\"x\"",
                "{}",
                "{\"event\":7}",
                "{\"event\":\"../secret\"}",
                post + post,
                "\ufeff" + post,
                "// \n" + post,
                post.substring(0, post.length() / 2),
                post.replace("{", "{\"event\":\"x\","),
                "[".repeat(5_000),
                "{\"a\":".repeat(2_000),
                "{\"a\":1e999999999}",
                "{\"a\":" + "9".repeat(10_000) + "}",
                "{\"event\":\"post.published\",\"idempotency_key\":\"another\"}",
                post.replace("42", "4".repeat(30)))) {
            bodies.add(bytes(text));
        }
        bodies.add(post.getBytes(StandardCharsets.UTF_16));
        bodies.add(post.getBytes(StandardCharsets.UTF_16LE));
        bodies.add(new byte[] {'"', (byte) 0xc0, (byte) 0x80, '"'}); // an overlong NUL
        bodies.add(new byte[] {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'}); // a surrogate
        bodies.add(new byte[] {(byte) 0xff, (byte) 0xfe, 0, 0});
        return bodies;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
