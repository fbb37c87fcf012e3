package wordpress;

import http.JvmTls;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.core5.util.Timeout;
import sites.Addresses;
import sites.GlobalAddresses;

/**
 * Looks up the host of a site for each new connection, and leaves out every address that is not in the internet unless
 * it is allowed: who has a site's name in hand must not have our requests, with their credentials, go into the networks
 * around the relay. The connection goes to the very address that was looked at, so a name that is bent meanwhile (DNS
 * rebinding) changes nothing. An address that is written out, and {@code localhost}, is what the operator has said.
 */
public final class SiteDnsResolver implements DnsResolver {
    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(5);

    private final DnsResolver dns;
    private final Addresses allowed;

    /** @param allowed those that may be called though they are not in the internet */
    SiteDnsResolver(DnsResolver dns, Addresses allowed) {
        this.dns = dns;
        this.allowed = allowed;
    }

    /**
     * The connections of all HTTP endpoints that have none of their own.
     *
     * @param workers each of which holds one at a time, so that none waits for another's
     */
    public static HttpClientConnectionManager connections(DnsResolver dns, Addresses allowed, int workers) {
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(new SiteDnsResolver(dns, allowed))
                .setTlsSocketStrategy(new JvmTls())
                .setMaxConnPerRoute(workers)
                .setMaxConnTotal(2 * workers)
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(LONGEST_CONNECT))
                        .build())
                .build();
    }

    /** @throws PrivateAddressException when none of the host's addresses may be called */
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] addresses = dns.resolve(host);
        if (host.equalsIgnoreCase("localhost") || Addresses.literal(host) != null) {
            return addresses;
        }
        InetAddress[] callable =
                Arrays.stream(addresses).filter(this::mayBeCalled).toArray(InetAddress[]::new);
        if (callable.length == 0) {
            throw new PrivateAddressException(host, addresses);
        }
        return callable;
    }

    private boolean mayBeCalled(InetAddress address) {
        return GlobalAddresses.contain(address)
                || allowed.contains(address)
                || allowed.contains(GlobalAddresses.ipv4Within(address));
    }

    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
        return dns.resolveCanonicalHostname(host);
    }
}
