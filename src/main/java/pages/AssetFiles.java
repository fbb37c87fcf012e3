package pages;

import org.apache.camel.Exchange;

/** {@code /assets/{file}}: open, since nobody learns anything from them and the login needs them. */
public final class AssetFiles {
    private final Pages pages;

    public AssetFiles(Pages pages) {
        this.pages = pages;
    }

    /** @throws ingress.RejectedRequest 404 */
    public void send(Exchange exchange) {
        PageAnswer.file(exchange, pages.assets().named(exchange.getMessage().getHeader("file", "", String.class)));
    }
}
