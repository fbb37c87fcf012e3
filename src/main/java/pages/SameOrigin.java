package pages;

import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;

/**
 * Whether a browser sends a request for a page of ours, or for one of somebody else's that wants it to (CSRF). What a
 * program sends that is no browser has none of these headers, which no page can forge.
 */
final class SameOrigin {
    private SameOrigin() {}

    /**
     * Of a form that was posted. A browser that does not say {@code Sec-Fetch-Site}, since it is old or there is no TLS,
     * says {@code Origin} all the same.
     */
    static boolean isOwn(HttpServerRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        return site == null ? isOriginHere(request) : site.equals("same-origin");
    }

    /** Whether a page of another site asks for it, and no person who follows a link. */
    static boolean isAskedByOthers(HttpServerRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        boolean isOfOthers = "cross-site".equals(site) || "same-site".equals(site);
        return isOfOthers && !"navigate".equals(request.getHeader("Sec-Fetch-Mode"));
    }

    private static boolean isOriginHere(HttpServerRequest request) {
        String origin = request.getHeader("Origin");
        if (origin == null || request.authority() == null) {
            return false;
        }
        String asked = origin.toLowerCase(Locale.ROOT).replaceFirst("^https?://", "");
        // A proxy may have another name for us; which one it was asked by, no page can say in its place.
        return asked.equalsIgnoreCase(request.getHeader("X-Forwarded-Host"))
                || asked.equalsIgnoreCase(request.getHeader("Host"))
                || asked.equalsIgnoreCase(request.authority().toString());
    }
}
