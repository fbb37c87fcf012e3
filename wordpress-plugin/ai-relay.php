<?php
/**
 * Plugin Name:       AI Relay
 * Description:       Sends what happens here (a post is published, a comment is written) to your AI Relay, and takes the results back: summaries, SEO texts, a first look at comments.
 * Version:           0.1.0
 * Requires at least: 6.1
 * Requires PHP:      7.4
 * Author:            AI Relay
 * License:           GPL-2.0-or-later
 * License URI:       https://www.gnu.org/licenses/gpl-2.0.html
 * Text Domain:       ai-relay
 * Domain Path:       /languages
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

const AI_RELAY_VERSION = '0.1.0';
const AI_RELAY_FILE    = __FILE__;

require_once __DIR__ . '/includes/settings.php';
require_once __DIR__ . '/includes/text.php';
require_once __DIR__ . '/includes/signing.php';
require_once __DIR__ . '/includes/proof.php';
require_once __DIR__ . '/includes/tables.php';
require_once __DIR__ . '/includes/setup.php';
require_once __DIR__ . '/includes/translations.php';

require_once __DIR__ . '/includes/events/payloads.php';
require_once __DIR__ . '/includes/events/record.php';
require_once __DIR__ . '/includes/events/held-events.php';
require_once __DIR__ . '/includes/events/withdrawals.php';
require_once __DIR__ . '/includes/events/posts.php';
require_once __DIR__ . '/includes/events/comments.php';
require_once __DIR__ . '/includes/events/leads.php';
require_once __DIR__ . '/includes/events/fields.php';
require_once __DIR__ . '/includes/events/encryption.php';
require_once __DIR__ . '/includes/events/forms.php';
require_once __DIR__ . '/includes/events/forms/contact-form-7.php';
require_once __DIR__ . '/includes/events/forms/wpforms.php';
require_once __DIR__ . '/includes/events/forms/gravity-forms.php';
require_once __DIR__ . '/includes/events/forms/fluent-forms.php';
require_once __DIR__ . '/includes/events/forms/elementor.php';
require_once __DIR__ . '/includes/events/nightly.php';

require_once __DIR__ . '/includes/outbox/outbox.php';
require_once __DIR__ . '/includes/outbox/spool.php';
require_once __DIR__ . '/includes/outbox/claims.php';
require_once __DIR__ . '/includes/outbox/retries.php';
require_once __DIR__ . '/includes/outbox/pause.php';
require_once __DIR__ . '/includes/outbox/trace.php';
require_once __DIR__ . '/includes/outbox/attempts.php';
require_once __DIR__ . '/includes/outbox/together.php';
require_once __DIR__ . '/includes/outbox/delivery.php';
require_once __DIR__ . '/includes/outbox/triggers.php';
require_once __DIR__ . '/includes/outbox/drain.php';
require_once __DIR__ . '/includes/outbox/log.php';
require_once __DIR__ . '/includes/outbox/log-actions.php';
require_once __DIR__ . '/includes/outbox/tidy.php';

require_once __DIR__ . '/includes/results/meta.php';
require_once __DIR__ . '/includes/results/validation.php';
require_once __DIR__ . '/includes/results/validation-by-action.php';
require_once __DIR__ . '/includes/results/approvals.php';
require_once __DIR__ . '/includes/results/rows.php';
require_once __DIR__ . '/includes/results/changes.php';
require_once __DIR__ . '/includes/results/enrichments.php';
require_once __DIR__ . '/includes/results/seo.php';
require_once __DIR__ . '/includes/results/verdicts.php';
require_once __DIR__ . '/includes/results/leads-and-checks.php';
require_once __DIR__ . '/includes/results/apply-once.php';
require_once __DIR__ . '/includes/results/route.php';
require_once __DIR__ . '/includes/results/batch-summaries.php';

require_once __DIR__ . '/includes/editor/state.php';
require_once __DIR__ . '/includes/editor/posts-route.php';
require_once __DIR__ . '/includes/editor/panel.php';
require_once __DIR__ . '/includes/editor/meta-box.php';

require_once __DIR__ . '/includes/check/route.php';
require_once __DIR__ . '/includes/check/facts.php';
require_once __DIR__ . '/includes/check/steps.php';
require_once __DIR__ . '/includes/check/address.php';
require_once __DIR__ . '/includes/check/relay.php';
require_once __DIR__ . '/includes/check/way-back.php';
require_once __DIR__ . '/includes/check/site.php';
require_once __DIR__ . '/includes/check/test-event.php';
require_once __DIR__ . '/includes/check/site-health.php';

require_once __DIR__ . '/includes/privacy/person.php';
require_once __DIR__ . '/includes/privacy/hidden.php';
require_once __DIR__ . '/includes/privacy/export.php';
require_once __DIR__ . '/includes/privacy/erase.php';
require_once __DIR__ . '/includes/privacy/policy.php';

if ( is_admin() ) {
	require_once __DIR__ . '/includes/admin/settings-page.php';
	require_once __DIR__ . '/includes/admin/log-page.php';
	require_once __DIR__ . '/includes/admin/log-table.php';
	require_once __DIR__ . '/includes/admin/log-entry.php';
	require_once __DIR__ . '/includes/admin/comments-column.php';
	require_once __DIR__ . '/includes/admin/settings-form.php';
	require_once __DIR__ . '/includes/admin/settings-fields.php';
	require_once __DIR__ . '/includes/admin/settings-cleaning.php';
	require_once __DIR__ . '/includes/admin/rotation.php';
	require_once __DIR__ . '/includes/admin/check-view.php';
	require_once __DIR__ . '/includes/admin/batches-view.php';
	require_once __DIR__ . '/includes/admin/notices.php';
	require_once __DIR__ . '/includes/removal.php';
	require_once __DIR__ . '/includes/admin/plugin-row.php';
}
if ( defined( 'WP_CLI' ) && WP_CLI ) {
	require_once __DIR__ . '/includes/class-ai-relay-command.php';
	WP_CLI::add_command( 'ai-relay', 'AI_Relay_Command' );
	require_once __DIR__ . '/includes/check/doctor.php';
	WP_CLI::add_command( 'ai-relay doctor', 'ai_relay_doctor' );
}
