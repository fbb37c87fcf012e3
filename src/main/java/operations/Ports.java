package operations;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Checks the ports before anything starts: a server whose port is taken would only log it and never answer. */
public final class Ports {
    private Ports() {}

    /** @throws SettingsException naming the variable of a port that cannot be listened on */
    public static void checkFree(Settings settings) {
        if (settings.port() == settings.managementPort()) {
            throw SettingsSource.wrong(
                    "RELAY_MANAGEMENT_PORT",
                    Integer.toString(settings.managementPort()),
                    "another port than RELAY_PORT");
        }
        check("RELAY_PORT", new InetSocketAddress(settings.port()));
        check("RELAY_MANAGEMENT_PORT", new InetSocketAddress(settings.managementHost(), settings.managementPort()));
    }

    private static void check(String variable, InetSocketAddress address) {
        if (address.isUnresolved()) {
            throw SettingsSource.wrong("RELAY_MANAGEMENT_HOST", address.getHostString(), "an address of this machine");
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(address);
        } catch (IOException e) {
            throw SettingsSource.wrong(
                    variable, Integer.toString(address.getPort()), "a port that is free (" + e.getMessage() + ")");
        }
    }
}
