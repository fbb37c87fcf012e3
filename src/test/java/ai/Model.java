package ai;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.extension.ResponseDefinitionTransformerV2;
import com.github.tomakehurst.wiremock.http.ResponseDefinition;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import java.util.List;
import java.util.function.Function;
import routes.Completions;

/** A model that says something of each comment which a request is about. */
final class Model implements ResponseDefinitionTransformerV2 {
    static final String NAME = "model";

    private static volatile Function<String, JsonNode> ofSeveral;
    private static volatile Function<String, JsonNode> ofOne;
    /** Null: what it says of each. */
    private static volatile Function<List<String>, String> said;

    /** @param model is given the text of a comment; null says nothing of it */
    static void answers(Function<String, JsonNode> model) {
        ofSeveral = model;
        ofOne = model;
        said = null;
    }

    /** What it says of several comments, by their keys. */
    static void says(Function<List<String>, String> words) {
        said = words;
    }

    /** What it says of a comment that is alone in a request. */
    static void answersAlone(Function<String, JsonNode> model) {
        ofOne = model;
    }

    @Override
    public ResponseDefinition transform(ServeEvent event) {
        String request = event.getRequest().getBodyAsString();
        boolean isAboutSeveral = Completions.isAboutSeveral(request);
        Function<String, JsonNode> model = isAboutSeveral ? ofSeveral : ofOne;
        String content = isAboutSeveral && said != null
                ? said.apply(Completions.keys(request))
                : Completions.toEach(
                        request, comment -> model.apply(comment.get("content").textValue()));
        ResponseDefinitionBuilder answer = AskRoutesSupport.completion(content, "stop");
        return answer.build();
    }

    @Override
    public boolean applyGlobally() {
        return false;
    }

    @Override
    public String getName() {
        return NAME;
    }
}
