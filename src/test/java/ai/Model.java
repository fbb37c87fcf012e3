package ai;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import java.util.List;
import java.util.function.Function;
import routes.Answering;
import routes.Completions;

/** A model that says something of each comment which a request is about. */
final class Model {
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

    private Model() {}

    /** For the server: with {@code withTransformers(NAME)} a stub answers as the model does. */
    static Answering server() {
        return new Answering(NAME, request -> answer(request.getBodyAsString()));
    }

    private static ResponseDefinitionBuilder answer(String request) {
        boolean isAboutSeveral = Completions.isAboutSeveral(request);
        Function<String, JsonNode> model = isAboutSeveral ? ofSeveral : ofOne;
        String content = isAboutSeveral && said != null
                ? said.apply(Completions.keys(request))
                : Completions.toEach(
                        request, comment -> model.apply(comment.get("content").textValue()));
        return AskRoutesSupport.completion(content, "stop");
    }
}
