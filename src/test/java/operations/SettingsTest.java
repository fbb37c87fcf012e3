package operations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tracing.TraceSettings;
import tracing.Tracing;

class SettingsTest {
    static Settings settings(Map<String, String> environment) throws IOException {
        Properties defaults = new Properties();
        try (var file = SettingsTest.class.getResourceAsStream("/application.properties")) {
            defaults.load(file);
        }
        return Settings.of(environment, defaults);
    }

    private static String refused(String variable, String value) {
        return assertThrows(SettingsException.class, () -> settings(Map.of(variable, value)))
                .getMessage();
    }

    @Test
    void the_defaults_are_those_of_the_contract() throws IOException {
        Settings settings = settings(Map.of());
        assertEquals(8080, settings.port());
        assertEquals(9876, settings.managementPort());
        assertEquals("127.0.0.1", settings.managementHost());
        assertEquals("data", settings.dataDir().normalize().toString());
        assertTrue(settings.database().isEmbedded());
        assertTrue(settings.broker().isEmbedded());
        assertEquals("local", settings.ai().provider());
        assertEquals("https://api.openai.com/v1", settings.ai().baseUrl());
        assertEquals(Duration.ofSeconds(30), settings.ai().timeout());
        assertEquals(10_000, settings.backlogLimit());
        assertEquals(30, settings.retentionDays());
        assertEquals(Duration.ofMinutes(15), settings.siteSilence());
        assertEquals(
                List.of(
                        Duration.ofSeconds(10),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(30),
                        Duration.ofHours(2)),
                settings.retryDelays());
    }

    @Test
    void a_secret_is_taken_as_it_is() throws IOException {
        assertEquals(
                " a<b>&\"' ",
                settings(Map.of("WP_RELAY_SECRET", " a<b>&\"' ")).site().secret());
    }

    @Test
    void a_value_may_be_in_a_file_or_in_the_variable_itself(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), " s3cret \n");
        String where = file.toString();
        assertEquals(
                " s3cret ",
                settings(Map.of("WP_RELAY_SECRET_FILE", where)).site().secret());
        assertEquals(
                " s3cret ",
                settings(Map.of("WP_RELAY_SECRET_FILE", where, "WP_RELAY_SECRET", ""))
                        .site()
                        .secret(),
                "an empty variable is none");
        assertEquals(
                "another",
                settings(Map.of("WP_RELAY_SECRET_FILE", "", "WP_RELAY_SECRET", "another"))
                        .site()
                        .secret());
        assertEquals(
                "WP_RELAY_SECRET and WP_RELAY_SECRET_FILE are set; it should be one of them",
                assertThrows(
                                SettingsException.class,
                                () -> settings(Map.of("WP_RELAY_SECRET_FILE", where, "WP_RELAY_SECRET", "another")))
                        .getMessage());
        assertEquals(
                "WP_RELAY_SECRET_FILE is '/nowhere'; it should be a file that can be read, with the value in it",
                refused("WP_RELAY_SECRET_FILE", "/nowhere"));
    }

    @Test
    void an_address_loses_its_trailing_slash() throws IOException {
        assertEquals(
                "https://example.test/blog",
                settings(Map.of("WP_SITE_URL", "https://example.test/blog/"))
                        .site()
                        .url());
    }

    @Test
    void a_wrong_value_is_named_with_what_it_holds_and_what_it_should_be() {
        assertEquals(
                "RELAY_PORT is 'http'; it should be a whole number from 1 to 65535", refused("RELAY_PORT", "http"));
        assertEquals("AI_PROVIDER is 'oracle'; it should be one of local, openai", refused("AI_PROVIDER", "oracle"));
        assertTrue(refused("WP_SITE_URL", "example.test").startsWith("WP_SITE_URL is 'example.test'"));
        assertTrue(refused("RELAY_RETRY_DELAYS", "1m,,2m").startsWith("RELAY_RETRY_DELAYS is '1m,,2m'"));
        assertTrue(refused("AI_TIMEOUT", "0s").startsWith("AI_TIMEOUT is '0s'"));
        assertEquals(
                "RELAY_SITE_SILENCE is '1m'; it should be a duration such as 1h, 5m at least, or 0s for none",
                refused("RELAY_SITE_SILENCE", "1m"));
        assertEquals(
                "RELAY_STOP_DELAY is '11s'; it should be a duration such as 250ms, 10s at most, or 0s for none",
                refused("RELAY_STOP_DELAY", "11s"));
        assertTrue(refused("RELAY_AUTOMATIONS_DIR", "").startsWith("RELAY_AUTOMATIONS_DIR is ''; it should be a dir"));
        assertTrue(refused("RELAY_DB_URL", "postgres://x").startsWith("RELAY_DB_URL is"));
        assertEquals(
                "RELAY_ALLOWED_ADDRESSES is '10.0.0.0/8, 10.1'; it should be addresses or networks such as 203.0.113.7,"
                        + " 2001:db8::/32; not 10.1",
                refused("RELAY_ALLOWED_ADDRESSES", "10.0.0.0/8, 10.1"));
        assertEquals(
                "RELAY_LOG_LEVEL is 'loud'; it should be one of error, warn, info, debug",
                refused("RELAY_LOG_LEVEL", "loud"));
        assertEquals(
                "WP_RELAY_SECRET begins with whsec_; it should go on with 24 to 64 bytes in base64, as Standard"
                        + " Webhooks has it",
                refused("WP_RELAY_SECRET", "whsec_short"));
    }

    @Test
    void a_provider_may_be_one_whose_route_is_among_the_automations(@TempDir Path automations) throws IOException {
        String directory = automations.toString();
        for (String file : List.of("ask-claude", "ask-ai", "ask-My", "on-a.b")) {
            Files.writeString(automations.resolve(file + ".camel.yaml"), "");
        }
        assertEquals(
                "claude",
                settings(Map.of("RELAY_AUTOMATIONS_DIR", directory, "AI_PROVIDER", "claude"))
                        .ai()
                        .provider());
        assertEquals(
                "AI_PROVIDER is 'ai'; it should be one of local, openai, claude",
                assertThrows(
                                SettingsException.class,
                                () -> settings(Map.of("RELAY_AUTOMATIONS_DIR", directory, "AI_PROVIDER", "ai")))
                        .getMessage());
    }

    @Test
    void traces_are_made_where_somebody_takes_them() throws IOException {
        String endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
        assertFalse(settings(Map.of("OTEL_SERVICE_NAME", "relay")).traces().isOn());
        assertTrue(settings(Map.of(endpoint, "http://localhost:4318")).traces().isOn());
        assertFalse(settings(Map.of(endpoint, "http://localhost:4318", "OTEL_SDK_DISABLED", "true"))
                .traces()
                .isOn());
        assertFalse(settings(Map.of(endpoint, "http://localhost:4318", "OTEL_TRACES_EXPORTER", "none"))
                .traces()
                .isOn());
        assertFalse(
                settings(Map.of(endpoint + "_FILE", "/nowhere")).traces().isOn(), "OpenTelemetry reads no such file");
        Settings keyed = settings(Map.of(
                endpoint, "http://localhost:4318", "OTEL_EXPORTER_OTLP_HEADERS", "Authorization=Bearer a-key,x=y"));
        assertTrue(keyed.secrets().toList().contains("Bearer a-key"));
        assertFalse(keyed.toString().contains("a-key"));
    }

    @Test
    void what_opentelemetry_does_not_understand_is_said_in_a_line() throws IOException {
        TraceSettings wrong = settings(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "not an address"))
                .traces();
        String said = assertThrows(IllegalArgumentException.class, () -> Tracing.of(wrong))
                .getMessage();
        assertTrue(said.contains("not an address"), said);
        assertEquals(1, said.lines().count(), said);
        TraceSettings grpc = settings(Map.of(
                        "OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4317", "OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"))
                .traces();
        assertEquals(
                "OTEL_EXPORTER_OTLP_PROTOCOL is 'grpc'; it should be http/protobuf, which receivers mostly take at port 4318",
                assertThrows(IllegalArgumentException.class, () -> Tracing.of(grpc))
                        .getMessage());
    }

    @Test
    void without_prices_and_caps_the_ai_costs_nothing_and_may_all() throws IOException {
        MoneySettings money = settings(Map.of()).money();
        assertEquals(new MoneySettings(BigDecimal.ZERO, BigDecimal.ZERO, 0, 0, Optional.empty()), money);
    }

    @Test
    void prices_have_a_point_and_caps_are_whole_tokens() throws IOException {
        MoneySettings money = settings(Map.of(
                        "AI_PRICE_IN", "0.15",
                        "AI_PRICE_OUT", "10",
                        "AI_DAILY_TOKENS", "2000000000",
                        "AI_DAILY_TOKENS_TOTAL", "",
                        "AI_DAILY_TOKENS_ANONYMOUS", "0"))
                .money();
        assertEquals(
                new MoneySettings(new BigDecimal("0.15"), BigDecimal.TEN, 2_000_000_000L, 0, Optional.of(0L)), money);
        assertEquals(
                "AI_PRICE_IN is '0,15'; it should be an amount such as 0, 2.50 or 0.15",
                refused("AI_PRICE_IN", "0,15"));
        assertEquals(
                "AI_DAILY_TOKENS is '-1'; it should be a whole number from 0 to 1000000000000",
                refused("AI_DAILY_TOKENS", "-1"));
        assertEquals(
                "AI_DAILY_TOKENS_ANONYMOUS is '11'; it should be a part of AI_DAILY_TOKENS, which is 10",
                assertThrows(
                                SettingsException.class,
                                () -> settings(Map.of("AI_DAILY_TOKENS", "10", "AI_DAILY_TOKENS_ANONYMOUS", "11")))
                        .getMessage());
    }

    @Test
    void a_crm_has_an_address_and_a_secret_of_standard_webhooks() throws IOException {
        String secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        String url = "https://crm.example/hooks/1/?token=abc";
        Settings settings = settings(Map.of("CRM_WEBHOOK_URL", url, "CRM_WEBHOOK_SECRET", secret));
        assertEquals(new CrmSettings(url, secret), settings.crm());
        assertTrue(settings.secrets().toList().containsAll(List.of(url, secret)));
        assertEquals(
                "CRM_WEBHOOK_URL is 'crm.example/***'; it should be an address such as https://crm.example/webhook",
                refused("CRM_WEBHOOK_URL", "crm.example/hook?token=abc"));
        assertEquals(
                "CRM_WEBHOOK_URL is 'https://crm.example/***'; it should be an address such as"
                        + " https://crm.example/webhook",
                refused("CRM_WEBHOOK_URL", "https://crm.example/services/a-token#x"));
        assertEquals(
                "CRM_WEBHOOK_SECRET is empty; with CRM_WEBHOOK_URL set it should be whsec_ and 24 to 64 bytes in"
                        + " base64, the same as the receiver has",
                refused("CRM_WEBHOOK_URL", url));
        assertEquals(
                "CRM_WEBHOOK_SECRET is not a secret of Standard Webhooks; it should be whsec_ and 24 to 64 bytes in"
                        + " base64",
                refused("CRM_WEBHOOK_SECRET", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
    }

    @Test
    void an_admin_token_that_could_be_guessed_is_refused_and_not_printed_back() throws IOException {
        assertEquals(
                "RELAY_ADMIN_TOKEN has 7 characters; it should have 16 at least, such as: openssl rand -hex 32",
                refused("RELAY_ADMIN_TOKEN", "REPLACE"));
        String enough = "0123456789abcdef";
        assertEquals(enough, settings(Map.of("RELAY_ADMIN_TOKEN", enough)).adminToken());
        assertEquals("", settings(Map.of("RELAY_ADMIN_TOKEN", "")).adminToken());
    }

    @Test
    void who_debugs_is_on_this_machine() throws IOException {
        for (String host : List.of("127.0.0.1", "localhost", "::1")) {
            assertTrue(settings(Map.of("RELAY_CONSOLE_DEBUG", "true", "RELAY_CONSOLE_HOST", host))
                    .console()
                    .isDebugging());
        }
        for (String host : List.of("0.0.0.0", "::", "relay.internal", "127.0.0.1.example.com")) {
            assertEquals(
                    "RELAY_CONSOLE_HOST is '" + host + "'; it should be 127.0.0.1 with RELAY_CONSOLE_DEBUG=true:"
                            + " who debugs sees secrets, and stops the relay",
                    assertThrows(
                                    SettingsException.class,
                                    () -> settings(Map.of("RELAY_CONSOLE_DEBUG", "true", "RELAY_CONSOLE_HOST", host)))
                            .getMessage());
        }
        settings(Map.of("RELAY_CONSOLE_HOST", "0.0.0.0"));
        settings(Map.of("RELAY_CONSOLE_HOST", "0.0.0.0", "RELAY_CONSOLE_DEBUG", "true", "RELAY_CONSOLE_PORT", "0"));
    }

    @Test
    void with_a_sites_file_there_is_no_one_site() {
        assertEquals(
                "WP_RELAY_SECRET is set; it should be empty, since the sites are in RELAY_SITES_FILE",
                assertThrows(
                                SettingsException.class,
                                () -> settings(Map.of("RELAY_SITES_FILE", "sites.yaml", "WP_RELAY_SECRET", "secret")))
                        .getMessage());
    }

    @Test
    void a_key_is_32_bytes_in_base64_and_one_that_is_not_is_not_printed_back() throws IOException {
        String key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
        assertEquals(
                32,
                settings(Map.of("RELAY_PII_KEY", key)).piiKey().orElseThrow().getEncoded().length);
        assertTrue(settings(Map.of("RELAY_PII_KEY", key)).secrets().anyMatch(key::equals));
        assertTrue(settings(Map.of()).piiKey().isEmpty());
        String expected = "; it should be base64 of 32 bytes, such as: openssl rand -base64 32";
        assertEquals(
                "RELAY_PII_KEY is base64 of 31 bytes" + expected,
                refused("RELAY_PII_KEY", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZQ=="));
        assertEquals("RELAY_PII_KEY is not base64" + expected, refused("RELAY_PII_KEY", "a passphrase"));
    }

    @Test
    void what_belongs_together_is_asked_for_together() {
        assertTrue(refused("AI_PROVIDER", "openai").startsWith("AI_MODEL"));
        assertTrue(refused("WP_APP_USER", "relay").startsWith("WP_APP_PASSWORD"));
    }

    @Test
    void who_is_asked_after_whom_is_a_chain() throws IOException {
        AiSettings ai = settings(Map.of("AI_PROVIDER", "openai", "AI_MODEL", "m", "AI_FALLBACK", "local, hold"))
                .ai();
        assertEquals(List.of("openai", "local", "hold"), ai.providers());
        assertEquals(List.of("local"), settings(Map.of()).ai().providers());
        assertEquals(
                "AI_FALLBACK is 'oracle'; it should be empty, or some of local, openai, hold, separated by commas",
                refused("AI_FALLBACK", "oracle"));
        for (String wrong : List.of("local", "hold,openai", "hold,hold")) {
            assertEquals(
                    "AI_FALLBACK is '" + wrong
                            + "'; it should be others than AI_PROVIDER, each once, and hold the last of" + " them",
                    refused("AI_FALLBACK", wrong));
        }
        assertEquals(
                "AI_MODEL is ''; it should be the model to ask, since openai is in AI_FALLBACK",
                refused("AI_FALLBACK", "openai"));
    }

    @Test
    void an_address_of_azure_may_end_with_a_version() throws IOException {
        String deployment = "https://x.openai.azure.com/openai/deployments/y";
        AiSettings ai = settings(Map.of("AI_BASE_URL", deployment + "/?api-version=2024-10-21"))
                .ai();
        assertEquals(deployment, ai.baseUrl());
        assertEquals("2024-10-21", ai.apiVersion());
        assertEquals("", settings(Map.of()).ai().apiVersion());
        assertTrue(refused("AI_BASE_URL", deployment + "?key=x").startsWith("AI_BASE_URL is"));
        assertTrue(refused("AI_BASE_URL", "nowhere?api-version=1").startsWith("AI_BASE_URL is"));
    }

    @Test
    void a_password_in_an_address_is_not_printed_back() {
        String message = refused("WP_SITE_URL", "https://user:hunter2@example.test");
        assertFalse(message.contains("hunter2"), message);
    }
}
