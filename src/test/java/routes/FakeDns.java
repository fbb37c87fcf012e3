package routes;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.client5.http.DnsResolver;
import sites.Addresses;

/** Names and addresses as a test wants them, from one moment to the next. */
final class FakeDns implements DnsResolver {
    private final Map<String, InetAddress[]> zone = new ConcurrentHashMap<>();

    FakeDns with(String host, String... addresses) {
        zone.put(host, Arrays.stream(addresses).map(Addresses::literal).toArray(InetAddress[]::new));
        return this;
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] addresses = zone.get(host);
        if (addresses == null) {
            throw new UnknownHostException(host);
        }
        return addresses;
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }
}
