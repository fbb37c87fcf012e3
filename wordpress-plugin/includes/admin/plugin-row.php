<?php
/**
 * The plugin's row on the plugins screen: asks what is to become of unsent events if it is deleted.
 *
 * Here, and while the plugin is active, since WordPress itself asks nothing before it deletes a plugin, and
 * nothing of one that is inactive runs.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** Whether this person may say what becomes of unsent events: who may delete the plugin. */
function ai_relay_may_decide_on_unsent(): bool {
	return current_user_can( is_multisite() ? 'manage_network_plugins' : 'delete_plugins' );
}

/** Prints the question, and the answer that was given, below the plugin. */
function ai_relay_unsent_row(): void {
	// Of a network it is asked about all sites together: they are too many to be counted here.
	if ( ! ai_relay_may_decide_on_unsent() || ( is_multisite() && ! is_network_admin() ) ) {
		return;
	}
	$unsent = is_multisite() ? 0 : ai_relay_unsent();
	$delete = '1' === get_site_option( AI_RELAY_DELETE_UNSENT );
	if ( 0 === $unsent && ! $delete && ! is_multisite() ) {
		return;
	}
	printf(
		'<tr class="plugin-update-tr active" id="ai-relay-unsent"><td colspan="%d" class="plugin-update colspanchange"><div class="notice inline notice-%s notice-alt"><p>%s <a href="%s">%s</a></p></div></td></tr>',
		absint( $GLOBALS['wp_list_table'] ? $GLOBALS['wp_list_table']->get_column_count() : 4 ),
		esc_attr( $delete ? 'warning' : 'info' ),
		esc_html( ai_relay_unsent_text( $unsent, $delete ) ),
		esc_url( wp_nonce_url( admin_url( 'admin-post.php?action=ai_relay_unsent&delete=' . ( $delete ? '0' : '1' ) ), 'ai_relay_unsent' ) ),
		esc_html( $delete ? __( 'Keep unsent events', 'ai-relay' ) : __( 'Let unsent events be deleted too', 'ai-relay' ) )
	);
}
add_action( 'after_plugin_row_' . plugin_basename( AI_RELAY_FILE ), 'ai_relay_unsent_row' );

/**
 * What becomes of unsent events.
 *
 * @param int  $unsent How many there are; 0 if nobody knows.
 * @param bool $delete Whether the owner lets them go.
 */
function ai_relay_unsent_text( int $unsent, bool $delete ): string {
	if ( $delete ) {
		return __( 'If you delete AI Relay, events that have not been sent yet are deleted with it.', 'ai-relay' );
	}
	if ( 0 === $unsent ) {
		return __( 'If you delete AI Relay, events that have not been sent yet stay in the database, and are sent once it is installed again.', 'ai-relay' );
	}
	return sprintf(
		/* translators: %s: number of events. */
		_n( '%s event has not been sent yet. If you delete AI Relay, it stays in the database, and is sent once the plugin is installed again.', '%s events have not been sent yet. If you delete AI Relay, they stay in the database, and are sent once the plugin is installed again.', $unsent, 'ai-relay' ),
		number_format_i18n( $unsent )
	);
}

/** Takes the answer. */
function ai_relay_take_decision_on_unsent(): void {
	check_admin_referer( 'ai_relay_unsent' );
	if ( ! ai_relay_may_decide_on_unsent() ) {
		wp_die( esc_html__( 'You may not delete plugins.', 'ai-relay' ), 403 );
	}
	if ( '1' === sanitize_key( wp_unslash( $_GET['delete'] ?? '' ) ) ) {
		update_site_option( AI_RELAY_DELETE_UNSENT, '1' );
	} else {
		delete_site_option( AI_RELAY_DELETE_UNSENT );
	}
	wp_safe_redirect( ( is_multisite() ? network_admin_url( 'plugins.php' ) : admin_url( 'plugins.php' ) ) . '#ai-relay-unsent' );
	exit;
}
add_action( 'admin_post_ai_relay_unsent', 'ai_relay_take_decision_on_unsent' );
