package ingress;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sites.Addresses;

/**
 * Where a request comes from. What a header says of it is worth as much as the one who wrote it: so it is read from its
 * end, where the nearest proxy has put what it saw itself, and only as far as proxies are trusted. Whatever the client
 * itself put in front is not looked at.
 */
public final class ClientAddress {
    private static final Pattern COMMA = Pattern.compile(",");
    /** RFC 7239, section 4: the parameter {@code for}, which is quoted where it has a colon. */
    private static final Pattern FOR = Pattern.compile("(?i)(?:^|;)\\s*for=(?:\"([^\"]*)\"|([^;\"\\s]*))\\s*(?:;|$)");

    private static final Pattern PORT = Pattern.compile("(?:\\[([^\\]]*)\\]|([^:]*))(?::[^:]*)?");

    private final Addresses trustedProxies;

    public ClientAddress(Addresses trustedProxies) {
        this.trustedProxies = trustedProxies;
    }

    /**
     * @param peer who is connected
     * @param forwardedFor the value of {@code X-Forwarded-For}, or null
     * @param forwarded the value of {@code Forwarded} (RFC 7239), or null
     * @return null when trusted proxies do not say it, or not the same in both
     */
    InetAddress of(InetAddress peer, String forwardedFor, String forwarded) {
        if (!trustedProxies.contains(peer)) {
            return peer;
        }
        InetAddress first = client(peer, hops(forwardedFor));
        InetAddress second = client(peer, forwarded == null ? List.of() : elements(forwarded));
        if (forwardedFor == null || forwarded == null) {
            return forwarded == null ? first : second;
        }
        // A proxy writes one of them and lets the other pass as the client sent it.
        return first != null && first.equals(second) ? first : null;
    }

    private InetAddress client(InetAddress peer, List<String> hops) {
        InetAddress nearest = peer;
        for (int i = hops.size() - 1; i >= 0 && trustedProxies.contains(nearest); i--) {
            nearest = address(hops.get(i));
        }
        return nearest;
    }

    private static List<String> hops(String forwardedFor) {
        return forwardedFor == null
                ? List.of()
                : COMMA.splitAsStream(forwardedFor)
                        .map(String::strip)
                        .filter(hop -> !hop.isEmpty()) // RFC 9110, section 5.6.1.2
                        .toList();
    }

    private static List<String> elements(String forwarded) {
        List<String> hops = new ArrayList<>();
        for (String element : COMMA.split(forwarded)) {
            Matcher matcher = FOR.matcher(element.strip());
            boolean isThere = matcher.find();
            hops.add(!isThere ? "" : matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        }
        return hops;
    }

    /** Without its port; null for {@code unknown}, a name, or anything else. */
    private static InetAddress address(String hop) {
        InetAddress bare = Addresses.literal(hop);
        if (bare != null) {
            return bare;
        }
        Matcher matcher = PORT.matcher(hop);
        if (!matcher.matches()) {
            return null;
        }
        return Addresses.literal(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
    }
}
