<?php
/**
 * The plugin is deleted: on every site of a network, nothing of it stays but events that nobody has given up.
 *
 * @package AI_Relay
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

require_once __DIR__ . '/ai-relay.php';
require_once __DIR__ . '/includes/removal.php';

ai_relay_remove_everywhere();
