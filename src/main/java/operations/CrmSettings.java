package operations;

import sites.StandardWebhooks;

/**
 * Where qualified leads go.
 *
 * @param webhookUrl empty: nowhere
 * @param webhookSecret as {@link StandardWebhooks} takes it; empty without an address
 */
public record CrmSettings(String webhookUrl, String webhookSecret) {
    static CrmSettings of(SettingsSource source) {
        CrmSettings crm = new CrmSettings(
                source.webhookAddress("CRM_WEBHOOK_URL"),
                source.text("CRM_WEBHOOK_SECRET").strip());
        if (!crm.webhookUrl().isEmpty() && crm.webhookSecret().isEmpty()) {
            throw new SettingsException(
                    "CRM_WEBHOOK_SECRET is empty; with CRM_WEBHOOK_URL set it should be whsec_ and 24"
                            + " to 64 bytes in base64, the same as the receiver has");
        }
        if (!crm.webhookSecret().isEmpty() && !StandardWebhooks.isSecret(crm.webhookSecret())) {
            // Not what it holds: it may be a good secret of another kind.
            throw new SettingsException(
                    "CRM_WEBHOOK_SECRET is not a secret of Standard Webhooks; it should be whsec_ and"
                            + " 24 to 64 bytes in base64");
        }
        return crm;
    }
}
