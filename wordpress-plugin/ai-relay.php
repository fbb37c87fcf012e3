<?php
/**
 * Plugin Name:       AI Relay
 * Description:       Sends what happens here (a post is published, a comment is written) to your AI Relay, and takes the results back: summaries, SEO texts, a first look at comments.
 * Version:           0.1.0
 * Requires at least: 6.1
 * Requires PHP:      7.4
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
require_once __DIR__ . '/includes/signing.php';
require_once __DIR__ . '/includes/tables.php';
require_once __DIR__ . '/includes/setup.php';
require_once __DIR__ . '/includes/translations.php';

require_once __DIR__ . '/includes/events/payloads.php';
require_once __DIR__ . '/includes/events/posts-and-comments.php';

require_once __DIR__ . '/includes/outbox/outbox.php';
require_once __DIR__ . '/includes/outbox/retries.php';
require_once __DIR__ . '/includes/outbox/delivery.php';
require_once __DIR__ . '/includes/outbox/triggers.php';

require_once __DIR__ . '/includes/results/meta.php';
require_once __DIR__ . '/includes/results/proof.php';
require_once __DIR__ . '/includes/results/check.php';
require_once __DIR__ . '/includes/results/approvals.php';
require_once __DIR__ . '/includes/results/apply.php';
require_once __DIR__ . '/includes/results/route.php';
require_once __DIR__ . '/includes/results/batch-summaries.php';

require_once __DIR__ . '/includes/editor/panel.php';

require_once __DIR__ . '/includes/privacy/person.php';
require_once __DIR__ . '/includes/privacy/export.php';
require_once __DIR__ . '/includes/privacy/erase.php';
require_once __DIR__ . '/includes/privacy/policy.php';

if ( is_admin() ) {
	require_once __DIR__ . '/includes/admin/settings-page.php';
	require_once __DIR__ . '/includes/admin/outbox-view.php';
	require_once __DIR__ . '/includes/removal.php';
	require_once __DIR__ . '/includes/admin/plugin-row.php';
}
if ( defined( 'WP_CLI' ) && WP_CLI ) {
	require_once __DIR__ . '/includes/class-ai-relay-command.php';
	WP_CLI::add_command( 'ai-relay', 'AI_Relay_Command' );
}
