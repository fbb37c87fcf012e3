package evaluation;

import ai.AnswerValidator;
import ai.TaskCatalog;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import events.FailureReason;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.builder.AdviceWith;
import routes.TestRelay;

/** A provider as a relay asks it: by its route {@code ask-<name>}, and checked as every answer is. */
final class RelayProvider implements Provider, AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String RAW = "EvaluationRawAnswer";

    private final TestRelay relay;
    private final String name;
    private final AnswerValidator validator = new AnswerValidator(new TaskCatalog());
    /** How many answers were of no use, by reason. */
    private final Map<String, Integer> failures = new LinkedHashMap<>();

    /** @param environment {@code AI_BASE_URL} and the others, as for a relay */
    RelayProvider(String name, Path directory, Map<String, String> environment) throws Exception {
        this.name = name;
        this.relay = new TestRelay(directory).with("AI_PROVIDER", name);
        environment.forEach((variable, value) -> {
            if (variable.startsWith("AI_") && !variable.equals("AI_PROVIDER")) {
                relay.with(variable, value);
            }
        });
        relay.start();
        keepRawAnswers();
    }

    /** A server's answer is cleaned within the route; how it came says whether it kept to the limits. */
    private void keepRawAnswers() throws Exception {
        if (relay.context().getRoute("complete-chat") != null) {
            AdviceWith.adviceWith(relay.context(), "complete-chat", route -> route.weaveById("read-chat-answer")
                    .after()
                    .setProperty(RAW, route.body()));
        }
    }

    @Override
    public Answer answer(String task, Map<String, Object> event) {
        Exchange asked = relay.context().createProducerTemplate().request("direct:ask-" + name, exchange -> {
            exchange.getMessage().setBody(event);
            exchange.getMessage().setHeader("RelayAiTask", task);
            exchange.getMessage().setHeader("RelayAiProvider", name);
            exchange.getMessage().setHeader("RelayId", UUID.randomUUID().toString());
            exchange.getMessage().setHeader("RelaySite", "evaluation");
            exchange.setProperty("RelayAiSource", event);
        });
        if (asked.getException() != null) {
            return failed(asked.getException());
        }
        try {
            Object raw = asked.getProperty(RAW, asked.getMessage().getBody(), Object.class);
            boolean isMended = asked.getProperty("RelayWrongAnswer") != null;
            Map<String, Object> checked =
                    validator.validate(task, event, asked.getMessage().getBody());
            return new Answer(checked, !isMended && JSON.valueToTree(checked).equals(tree(raw)));
        } catch (RuntimeException e) {
            return failed(e);
        }
    }

    private Answer failed(Exception e) {
        failures.merge(FailureReason.rootLine(e), 1, Integer::sum);
        return Answer.NONE;
    }

    private static JsonNode tree(Object raw) {
        try {
            return raw instanceof Map ? JSON.valueToTree(raw) : JSON.readTree(String.valueOf(raw));
        } catch (JsonProcessingException e) {
            return null; // the validator took it all the same
        }
    }

    Map<String, Integer> failures() {
        return failures;
    }

    @Override
    public void close() throws Exception {
        relay.close();
    }
}
