package pages;

import ingress.RejectedRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import text.Sha256;

/**
 * What the pages are drawn with: style, script, icon, from the class path. A file's hash is in its name, so a browser may
 * keep it for ever and asks for another one when it changed.
 */
public final class Assets {
    static final String PATH = "/assets/";
    private static final int HASH = 12;
    private static final Map<String, String> TYPES =
            Map.of("css", "text/css; charset=utf-8", "js", "text/javascript; charset=utf-8", "svg", "image/svg+xml");

    private final Map<String, String> addresses = new LinkedHashMap<>();
    private final Map<String, Asset> assets = new LinkedHashMap<>();

    record Asset(String type, byte[] content) {}

    Assets() {
        for (String file : new String[] {"pages.css", "pages.js", "icon.svg"}) {
            byte[] content = read(file);
            String extension = file.substring(file.indexOf('.') + 1);
            String name = file.replace(".", "-" + Sha256.hex(content).substring(0, HASH) + ".");
            addresses.put(file, PATH + name);
            assets.put(name, new Asset(TYPES.get(extension), content));
        }
    }

    private static byte[] read(String file) {
        try (InputStream stream = Assets.class.getResourceAsStream("/pages/" + file)) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(file + " is not on the class path as it should be", e);
        }
    }

    /** Where a file is, such as {@code pages.css}. */
    public String at(String file) {
        return addresses.get(file);
    }

    /** @throws RejectedRequest 404 */
    Asset named(String name) {
        Asset asset = assets.get(name);
        if (asset == null) {
            throw RejectedRequest.notFound();
        }
        return asset;
    }
}
