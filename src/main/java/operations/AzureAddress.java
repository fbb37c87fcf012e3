package operations;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of an AI server. Azure's of a deployment ends with the version of its API, which has to stand behind the
 * path of each request: {@code https://x.openai.azure.com/openai/deployments/y?api-version=2024-10-21}.
 *
 * @param baseUrl without a trailing slash; may be empty
 * @param apiVersion empty for other servers
 */
record AzureAddress(String baseUrl, String apiVersion) {
    private static final Pattern VERSIONED = Pattern.compile("([^?]+?)/*\\?api-version=([\\w.-]{1,40})");

    static AzureAddress of(SettingsSource source, String variable) {
        String value = source.text(variable).strip();
        Matcher versioned = VERSIONED.matcher(value);
        return versioned.matches() && SettingsSource.isAddress(value)
                ? new AzureAddress(versioned.group(1), versioned.group(2))
                : new AzureAddress(source.address(variable), "");
    }
}
