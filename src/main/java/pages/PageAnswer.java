package pages;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import ingress.HttpAnswer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.platform.http.vertx.HttpMessage;

/** What a browser is answered: a page that may load and run nothing but our own files, a file, or where to go on. */
final class PageAnswer {
    /** Forms too go nowhere else; whatever markup got into a page would be dead. */
    private static final String POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self';"
            + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /** With no-referrer a browser would not say where a form comes from ({@link SameOrigin}). */
    private static final Map<String, String> SAFETY = Map.of(
            "X-Content-Type-Options", "nosniff",
            "Referrer-Policy", "same-origin",
            "Cross-Origin-Opener-Policy", "same-origin",
            "Cross-Origin-Resource-Policy", "same-origin");

    private static final String HTML = "text/html; charset=utf-8";

    private static final String TEMPLATES = "pages.templates";

    private PageAnswer() {}

    /** When the first page is asked for: starting the relay does not pay for it. */
    private static final class Engine {
        static final TemplateEngine TEMPLATES = TemplateEngine.createPrecompiled(
                null, ContentType.Html, PageAnswer.class.getClassLoader(), PageAnswer.TEMPLATES);
    }

    static void page(Exchange exchange, int status, String template, Map<String, Object> parameters) {
        Message message = begin(exchange, status);
        message.setHeader(Exchange.CONTENT_TYPE, HTML);
        message.setHeader("Content-Security-Policy", POLICY);
        cache(message, "no-store");
        message.setHeader("Vary", "Accept");
        message.setBody(ByteBuffer.wrap(html(template, parameters)));
    }

    /** The same where no route is. */
    static void page(
            HttpServerResponse response,
            int status,
            String requestId,
            String template,
            Map<String, Object> parameters) {
        SAFETY.forEach(response::putHeader);
        response.setStatusCode(status)
                .putHeader("X-Request-Id", requestId)
                .putHeader("Content-Type", HTML)
                .putHeader("Content-Security-Policy", POLICY)
                .putHeader("Cache-Control", "no-store")
                .putHeader("Vary", "Accept")
                .end(Buffer.buffer(html(template, parameters)));
    }

    private static byte[] html(String template, Map<String, Object> parameters) {
        StringOutput html = new StringOutput();
        Engine.TEMPLATES.render(template + ".jte", parameters, html);
        return html.toString().getBytes(StandardCharsets.UTF_8);
    }

    static void file(Exchange exchange, Assets.Asset asset) {
        Message message = begin(exchange, 200);
        message.setHeader(Exchange.CONTENT_TYPE, asset.type());
        cache(message, "public, max-age=31536000, immutable");
        message.setBody(ByteBuffer.wrap(asset.content()));
    }

    /** To be asked for with GET. */
    static void goTo(Exchange exchange, String address) {
        Message message = begin(exchange, 303);
        message.setHeader("Location", address);
        cache(message, "no-store");
        message.setBody("");
    }

    /** By itself: Camel takes this header out of an answer. */
    private static void cache(Message message, String control) {
        ((HttpMessage) message).getResponse().putHeader("Cache-Control", control);
    }

    private static Message begin(Exchange exchange, int status) {
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        message.setHeader("X-Request-Id", HttpAnswer.requestId(exchange));
        SAFETY.forEach(message::setHeader);
        return message;
    }
}
