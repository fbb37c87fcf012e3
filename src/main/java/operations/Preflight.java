package operations;

import automations.AutomationsDirectory;
import console.ConsoleSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import sites.SitesFile;

/** Checks before the start what would otherwise fail in the middle of it, or not at all. */
public final class Preflight {
    private Preflight() {}

    /** @throws SettingsException naming the variable of a port, directory or file that cannot be used */
    public static void check(Settings settings) {
        checkPorts(settings);
        prepareDirectory(settings.dataDir());
        checkKeystore(settings.tls());
        settings.sites().ifPresent(Preflight::checkSites);
        checkAutomations(settings.automations());
    }

    private static void checkAutomations(AutomationsDirectory directory) {
        try {
            directory.read();
        } catch (IOException e) {
            throw SettingsException.wrong(
                    "RELAY_AUTOMATIONS_DIR",
                    directory.toString(),
                    "a directory that the relay can read, or one that is not there");
        }
    }

    private static void checkSites(SitesFile file) {
        try {
            file.read();
        } catch (IOException e) {
            throw SettingsException.wrong(
                    "RELAY_SITES_FILE",
                    file.toString(),
                    "a file of sites as docs/security.md has it: " + e.getMessage());
        }
    }

    private static void checkKeystore(Settings.Tls tls) {
        tls.open().ifPresent(keystore -> {
            try {
                keystore.load();
            } catch (IOException e) {
                throw SettingsException.wrong(
                        "RELAY_TLS_KEYSTORE",
                        tls.keystore(),
                        "a PKCS#12 file with RELAY_TLS_PASSWORD, or a PEM file with the key and the certificates: "
                                + e.getMessage());
            }
        });
    }

    /** A server whose port is taken would only log it and never answer. */
    private static void checkPorts(Settings settings) {
        if (settings.port() == settings.managementPort()) {
            throw SettingsException.wrong(
                    "RELAY_MANAGEMENT_PORT",
                    Integer.toString(settings.managementPort()),
                    "another port than RELAY_PORT");
        }
        check("RELAY_PORT", new InetSocketAddress(settings.port()));
        check("RELAY_MANAGEMENT_PORT", new InetSocketAddress(settings.managementHost(), settings.managementPort()));
        ConsoleSettings console = settings.console();
        if (console.isOn() && console.isPortChosen()) {
            check("RELAY_CONSOLE_PORT", new InetSocketAddress(console.host(), console.port()));
        }
    }

    /** Made if it is not there, for the eyes of its owner: what visitors wrote is in it. */
    private static void prepareDirectory(Path directory) {
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(directory, OwnerOnly.directory(directory));
            }
            if (Files.isWritable(directory)) {
                return;
            }
        } catch (IOException e) {
            // said below, in the operator's words
        }
        throw SettingsException.wrong(
                "RELAY_DATA_DIR", directory.toString(), "a directory that the relay can write to");
    }

    private static void check(String variable, InetSocketAddress address) {
        if (address.isUnresolved()) {
            throw SettingsException.wrong(
                    variable.replace("_PORT", "_HOST"), address.getHostString(), "an address of this machine");
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(address);
        } catch (IOException e) {
            throw SettingsException.wrong(
                    variable, Integer.toString(address.getPort()), "a port that is free (" + e.getMessage() + ")");
        }
    }
}
