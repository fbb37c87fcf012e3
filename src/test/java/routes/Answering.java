package routes;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.extension.ResponseDefinitionTransformerV2;
import com.github.tomakehurst.wiremock.http.Request;
import com.github.tomakehurst.wiremock.http.ResponseDefinition;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import java.util.function.Function;

/** What a stubbed server answers, made from the request, for stubs that name it: {@code withTransformers(name)}. */
public final class Answering implements ResponseDefinitionTransformerV2 {
    private final String name;
    private final Function<Request, ResponseDefinitionBuilder> server;

    public Answering(String name, Function<Request, ResponseDefinitionBuilder> server) {
        this.name = name;
        this.server = server;
    }

    @Override
    public ResponseDefinition transform(ServeEvent event) {
        return server.apply(event.getRequest()).build();
    }

    @Override
    public boolean applyGlobally() {
        return false;
    }

    @Override
    public String getName() {
        return name;
    }
}
