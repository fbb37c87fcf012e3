package operations;

/** How a host and a port are written in an address. */
public final class HttpAddress {
    private HttpAddress() {}

    /**
     * @param host a name, as it is: some have an underscore; or an IP address, of version 6 with brackets or without
     * @return such as {@code http://[::1]:9876}
     */
    public static String of(String host, int port) {
        boolean isBare = host.indexOf(':') >= 0 && !host.startsWith("[");
        return "http://" + (isBare ? "[" + host + "]" : host) + ":" + port;
    }
}
