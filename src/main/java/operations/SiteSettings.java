package operations;

import sites.StandardWebhooks;

/**
 * The one site of a simple install.
 *
 * @param secret empty: a generated one
 * @param secretNext empty: none
 * @param url without a trailing slash; empty: results stay in the event log
 */
public record SiteSettings(
        String url, String user, String password, String keyId, String secret, String keyIdNext, String secretNext) {
    static SiteSettings of(SettingsSource source) {
        SiteSettings site = new SiteSettings(
                source.address("WP_SITE_URL"),
                source.text("WP_APP_USER").strip(),
                source.text("WP_APP_PASSWORD").strip(),
                source.text("WP_RELAY_KEY_ID").strip(),
                secret(source, "WP_RELAY_SECRET"),
                source.text("WP_RELAY_KEY_ID_NEXT").strip(),
                secret(source, "WP_RELAY_SECRET_NEXT"));
        if (!site.user().isEmpty() && site.password().isEmpty()) {
            throw new SettingsException("WP_APP_PASSWORD is empty; with WP_APP_USER set it should be the application"
                    + " password that WordPress made for that user");
        }
        return site;
    }

    /** It may be any text; but one that looks as Standard Webhooks has it is meant to be one. */
    private static String secret(SettingsSource source, String variable) {
        String secret = source.text(variable);
        if (secret.startsWith(StandardWebhooks.SECRET_PREFIX) && !StandardWebhooks.isSecret(secret)) {
            throw new SettingsException(variable + " begins with " + StandardWebhooks.SECRET_PREFIX
                    + "; it should go on with 24 to 64 bytes in base64, as Standard Webhooks has it");
        }
        return secret;
    }
}
