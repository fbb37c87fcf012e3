package routes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import events.EventLog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import routes.Client.Answer;

/** An allow-list of addresses, over the wire; the client stands behind a trusted proxy, or claims to. */
class AllowedAddressesTest {
    @TempDir(cleanup = CleanupMode.NEVER)
    static Path dataDir;

    static TestRelay relay;
    static Client client;

    @BeforeAll
    static void start() throws Exception {
        relay = new TestRelay(dataDir)
                .with("RELAY_ALLOWED_ADDRESSES", "203.0.113.0/24, 2001:db8::/32")
                .with("RELAY_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8")
                .startReady();
        client = relay.client();
    }

    @AfterAll
    static void stop() throws Exception {
        relay.close();
    }

    private static Answer send(String key, Map<String, String> more) {
        byte[] body = Samples.post(key).toString().getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers = client.headers(key, body);
        headers.putAll(more);
        return client.post(headers, body);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "X-Forwarded-For | 203.0.113.7                      | 202",
                "X-Forwarded-For | 192.0.2.1, 203.0.113.7, 10.1.2.3 | 202",
                "x-forwarded-for | 2001:db8::7                      | 202",
                "Forwarded       | for=\"[2001:db8::7]:4711\"       | 202",
                "X-Forwarded-For | 203.0.113.7, 192.0.2.1           | 403",
                "X-Forwarded-For | 192.0.2.1                        | 403",
                "X-Forwarded-For | unknown                          | 403",
                "Forwarded       | for=192.0.2.1                    | 403",
                "X-Real-IP       | 203.0.113.7                      | 403",
                "CamelVertxPlatformHttpRemoteAddress | 203.0.113.7  | 403",
            })
    void what_a_trusted_proxy_saw_decides(String header, String value, int status) {
        String key = Samples.key();
        Answer answer = send(key, Map.of(header, value));
        assertEquals(status, answer.status());
        assertEquals(
                status == 202 ? 1 : 0, relay.bean(EventLog.class).findByKey(key).size());
    }

    @Test
    void whoever_is_not_on_the_list_is_told_so_whatever_else_is_wrong() {
        Answer answer = send(Samples.key(), Map.of("X-WP-Signature", "00"));
        assertEquals(403, answer.status());
        assertEquals("address not allowed", answer.body().path("error").asText());
        assertEquals(403, client.status(Samples.key()).status());
        assertEquals(List.of(), relay.bean(EventLog.class).findByKey("none"));
    }
}
