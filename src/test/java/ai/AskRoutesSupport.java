package ai;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import events.AnswerLog;
import events.AttemptLog;
import events.Event;
import events.EventLog;
import events.Failures;
import events.MovableClock;
import events.ReceivedEvent;
import events.RetryDelays;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.errorhandler.NoErrorHandlerDefinition;
import org.apache.camel.spi.Registry;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The routes that ask a provider, as they are, and a server that speaks OpenAI's chat completions over the wire. */
abstract class AskRoutesSupport extends CamelTestSupport {

    static final String KEY = "sk-test-0123456789";
    static final String PATH = "/v1/chat/completions";
    static final String VERDICT = "{\"verdict\":\"spam\",\"confidence\":0.9,\"reason\":\"It sells pills.\"}";
    static final Map<String, Object> COMMENT = Map.of("content", "Buy pills", "author_name", "Bob");

    private static final Duration GATHERING = Duration.ofMillis(300);
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final List<String> ROUTES = List.of(
            "ask-ai",
            "ask-next-provider",
            "ask-provider",
            "ask-local",
            "ask-openai",
            "share-chat",
            "mend-chat",
            "complete-chat",
            "complete-shared-chat",
            "send-chat-request",
            "ask-hold");

    @RegisterExtension
    static final WireMockExtension SERVER = WireMockExtension.newInstance()
            .options(wireMockConfig().dynamicPort().extensions(Model.server()))
            .build();

    @Override
    protected Properties useOverridePropertiesWithPropertiesComponent() {
        Properties properties = new Properties();
        properties.put("ai.base.url", SERVER.baseUrl() + "/v1");
        properties.put("ai.model", "m-1");
        properties.put("ai.together.wait", Long.toString(GATHERING.toMillis()));
        return properties;
    }

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext context = super.createCamelContext();
        context.getCamelContextExtension().setErrorHandlerFactory(new NoErrorHandlerDefinition());
        return context;
    }

    /** What is remembered only for a while is forgotten when a test moves it. */
    final MovableClock clock = new MovableClock();

    /** The cap of each site. */
    volatile long dailyTokens;

    private EventLog eventLog;

    @Override
    protected void bindToRegistry(Registry registry) {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL(
                "jdbc:h2:mem:" + UUID.randomUUID() + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1");
        Flyway.configure().dataSource(database).load().migrate();
        eventLog = new EventLog(database, Clock.systemUTC());
        bindMoney(registry, database);
        registry.bind("localAi", new LocalAi());
        registry.bind("answerValidator", new AnswerValidator(new TaskCatalog()));
        registry.bind("withheldFields", new WithheldFields(event -> Map.of()));
        ChatFormats formats = new ChatFormats(clock);
        registry.bind("chatFormats", formats);
        registry.bind("chatCompletions", new ChatCompletions(new TaskCatalog(), formats));
        registry.bind("chatAnswer", new ChatAnswer());
        registry.bind("aiConnection", new ProviderConnection(SERVER.baseUrl(), KEY, TIMEOUT));
        registry.bind("providerGuard", new ProviderGuard(providers(), clock, new SimpleMeterRegistry()));
        RetryDelays delays = new RetryDelays(List.of(Duration.ofSeconds(1)), clock);
        Failures failures = new Failures(new AttemptLog(database, clock), delays, clock, UnaryOperator.identity());
        registry.bind("providerChain", new ProviderChain(providers(), failures, clock));
    }

    /** Who is asked, in that order. */
    List<String> providers() {
        return List.of("openai");
    }

    /** Each question is asked, as if it had never been before. */
    private void bindMoney(Registry registry, JdbcDataSource database) {
        Clock clock = Clock.systemUTC();
        UsageLog usage = new UsageLog(database);
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        Spending spending = new Spending(
                usage,
                new Budget(usage, site -> Caps.of(dailyTokens, 0L, 0), clock),
                new Prices(BigDecimal.ONE, BigDecimal.TEN),
                event -> true,
                meters);
        registry.bind("usageLog", usage);
        registry.bind("spending", spending);
        SharingProviders sharing = new SharingProviders(this.clock);
        SharedChat.Waiting waiting = new SharedChat.Waiting(16, GATHERING, TIMEOUT);
        registry.bind("sharedChat", new SharedChat(new TaskCatalog(), spending, sharing, waiting));
        registry.bind("sharedRequest", new SharedRequest(new TaskCatalog(), spending, sharing, meters));
        registry.bind("sharedChatThreads", Executors.newCachedThreadPool());
        registry.bind(
                "paidAnswers",
                new PaidAnswers(
                        new AnswerLog(database, clock),
                        new Questions(
                                null,
                                null,
                                new Questions.Asked("local", "", ""),
                                route -> false,
                                Duration.ofDays(1),
                                clock),
                        spending,
                        meters));
    }

    @Override
    protected RoutesBuilder createRouteBuilder() {
        return new RouteBuilder() {
            @Override
            public void configure() throws Exception {
                loadRoutes(getContext(), ROUTES);
            }
        };
    }

    void loadRoutes(String... routes) throws Exception {
        loadRoutes(context, List.of(routes));
    }

    private static void loadRoutes(CamelContext context, List<String> routes) throws Exception {
        for (String route : routes) {
            Resource file =
                    PluginHelper.getResourceLoader(context).resolveResource("classpath:camel/" + route + ".camel.yaml");
            PluginHelper.getRoutesLoader(context).loadRoutes(file);
        }
    }

    void comment(Exchange exchange) {
        UUID id = EventLog.nextId();
        eventLog.add(new ReceivedEvent(id, "site-1", id.toString(), "comment.created", new byte[0], "request", null));
        exchange.getMessage().setHeader("RelayId", id.toString());
        exchange.getMessage().setBody(COMMENT);
        exchange.getMessage().setHeader("RelayAiTask", "moderate_comment");
        exchange.getMessage().setHeader("RelaySite", "site-1");
        exchange.getMessage().setHeader("CamelHttpPath", "/elsewhere");
    }

    /** A worker has claimed the event, which has used so many retries. */
    static void claimed(Exchange exchange, int retries) {
        UUID id = UUID.fromString(exchange.getMessage().getHeader("RelayId", String.class));
        exchange.setProperty(
                Failures.EVENT,
                new Event(
                        id,
                        "site-1",
                        id.toString(),
                        "comment.created",
                        new byte[0],
                        "r",
                        null,
                        "processing",
                        1,
                        retries,
                        1,
                        0,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null));
    }

    Exchange ask() {
        return template.request("direct:ask-ai", this::comment);
    }

    /** What was put down for an event. */
    Usage usage(Exchange asked) {
        UUID event = UUID.fromString(asked.getMessage().getHeader("RelayId", String.class));
        return context.getRegistry()
                .lookupByNameAndType("usageLog", UsageLog.class)
                .of(event);
    }

    static void answers(ResponseDefinitionBuilder answer) {
        SERVER.stubFor(post(urlEqualTo(PATH)).willReturn(answer));
    }

    static ResponseDefinitionBuilder completion(String content, String finish) {
        try {
            return message(
                    "{\"role\":\"assistant\",\"refusal\":null,\"content\":"
                            + new ObjectMapper().writeValueAsString(content) + "}",
                    finish);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ResponseDefinitionBuilder message(String message, String finish) {
        return aResponse()
                .withHeader("Content-Type", "application/json")
                .withBody(
                        "{\"id\":\"c\",\"object\":\"chat.completion\",\"model\":\"m-1-2026\",\"choices\":[{\"index\":0,\"message\":"
                                + message + ",\"finish_reason\":\"" + finish + "\"}],"
                                + "\"usage\":{\"prompt_tokens\":120,\"completion_tokens\":30,\"total_tokens\":150}}");
    }
}
