<?php
/**
 * Activation, upgrade, deactivation.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

const AI_RELAY_ROLE       = 'ai_relay_writer';
const AI_RELAY_CAPABILITY = 'ai_relay_write_results';

/** Sets up this site, once per version: also a site of a network, or an update without activation. */
function ai_relay_set_up(): void {
	if ( get_option( 'ai_relay_tables_version' ) === AI_RELAY_TABLES_VERSION ) {
		return;
	}
	ai_relay_make_tables();

	// Made here so that they are not loaded with every page; options.php would not ask.
	foreach ( AI_RELAY_SETTINGS as $name => $value ) {
		add_option( 'ai_relay_' . $name, $value, '', false );
	}
	add_option( 'ai_relay_sequence', '0', '', false );
	foreach ( AI_RELAY_MARKS as $mark ) {
		add_option( $mark, '0', '', false );
	}
	// Makes the keys of this installation differ from those of an earlier one on the same site.
	add_option( 'ai_relay_installation', wp_generate_password( 20, false ), '', false );

	add_role( AI_RELAY_ROLE, 'AI Relay', array( AI_RELAY_CAPABILITY => true ) );
	$administrators = get_role( 'administrator' );
	if ( $administrators ) {
		$administrators->add_cap( AI_RELAY_CAPABILITY );
	}
	update_option( 'ai_relay_tables_version', AI_RELAY_TABLES_VERSION );
}
// Before anything of ours runs, and on every request: the option is among those loaded anyway.
add_action( 'init', 'ai_relay_set_up', 1 );

/** Plugin activated. */
function ai_relay_activate(): void {
	ai_relay_set_up();
	ai_relay_schedule();
}
register_activation_hook( AI_RELAY_FILE, 'ai_relay_activate' );

/** Plugin deactivated: nothing runs any more, everything is kept. */
function ai_relay_deactivate(): void {
	wp_unschedule_hook( 'ai_relay_deliver' );
	wp_unschedule_hook( 'ai_relay_tidy' );
	wp_unschedule_hook( 'ai_relay_nightly' );
}
register_deactivation_hook( AI_RELAY_FILE, 'ai_relay_deactivate' );

/** Removes everything of this site: settings, events, results. Called by uninstall.php. */
function ai_relay_remove(): void {
	global $wpdb;
	ai_relay_deactivate();
	ai_relay_drop_tables();
	remove_role( AI_RELAY_ROLE );
	foreach ( array_keys( wp_roles()->roles ) as $role ) {
		get_role( $role )->remove_cap( AI_RELAY_CAPABILITY );
	}
	$ours    = $wpdb->esc_like( 'ai_relay_' ) . '%';
	$private = $wpdb->esc_like( '_ai_relay_' ) . '%';
	// By name, so that the caches of options and meta learn of it.
	foreach ( $wpdb->get_col( $wpdb->prepare( "SELECT option_name FROM $wpdb->options WHERE option_name LIKE %s", $ours ) ) as $option ) {
		delete_option( $option );
	}
	foreach ( $wpdb->get_col( $wpdb->prepare( "SELECT DISTINCT meta_key FROM $wpdb->postmeta WHERE meta_key LIKE %s OR meta_key LIKE %s", $ours, $private ) ) as $key ) {
		delete_metadata( 'post', 0, $key, '', true );
	}
	foreach ( $wpdb->get_col( $wpdb->prepare( "SELECT DISTINCT meta_key FROM $wpdb->commentmeta WHERE meta_key LIKE %s OR meta_key LIKE %s", $ours, $private ) ) as $key ) {
		delete_metadata( 'comment', 0, $key, '', true );
	}
}
