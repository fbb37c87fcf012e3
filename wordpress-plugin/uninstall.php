<?php
/**
 * The plugin is deleted: on every site of a network, nothing of it stays.
 *
 * @package AI_Relay
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

require_once __DIR__ . '/ai-relay.php';

if ( is_multisite() ) {
	foreach ( get_sites( array( 'fields' => 'ids', 'number' => 0 ) ) as $ai_relay_site ) {
		switch_to_blog( $ai_relay_site );
		ai_relay_remove();
		restore_current_blog();
	}
} else {
	ai_relay_remove();
}
