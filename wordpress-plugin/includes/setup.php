<?php
/**
 * Activation, upgrade, deactivation: of one site, of all sites of a network, of a site that is added later.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

const AI_RELAY_ROLE       = 'ai_relay_writer';
const AI_RELAY_CAPABILITY = 'ai_relay_write_results';

/** Settings that every page asks for. */
const AI_RELAY_LOADED_SETTINGS = array( 'post_types', 'nightly', 'seo' );

/** Seconds to wait for another request that is setting this site up. */
const AI_RELAY_SETUP_PATIENCE = 10;

/** Seconds until it is tried again where the database did not let us make the tables. */
const AI_RELAY_SETUP_AGAIN = 5 * MINUTE_IN_SECONDS;

/** How many sites of a network are told of a deactivation; the cron of the others finds out by itself. */
const AI_RELAY_SITES_TOLD = 200;

/**
 * Sets up this site, once per version of the tables: also a site of a network, or an update without activation.
 *
 * Every request comes here, so it asks only for an option that is loaded anyway. Whoever adds a setting
 * counts AI_RELAY_TABLES_VERSION up, or its option would be loaded with every page once it is saved.
 */
function ai_relay_set_up(): void {
	if ( get_option( 'ai_relay_tables_version' ) === AI_RELAY_TABLES_VERSION || get_transient( 'ai_relay_setup_failed' ) ) {
		return;
	}
	if ( ! ai_relay_setup_lock() ) {
		return; // Another request is at it; the next one finds it done.
	}
	if ( ai_relay_stored_version() !== AI_RELAY_TABLES_VERSION ) {
		ai_relay_make_tables();
		if ( ai_relay_has_tables() ) {
			ai_relay_make_options();
			ai_relay_make_role();
			update_option( 'ai_relay_tables_version', AI_RELAY_TABLES_VERSION );
		} else {
			set_transient( 'ai_relay_setup_failed', 1, AI_RELAY_SETUP_AGAIN );
		}
	} else {
		wp_cache_delete( 'alloptions', 'options' ); // It was done, and the cache has not heard of it.
	}
	ai_relay_setup_unlock();
}
// Before anything of ours runs.
add_action( 'init', 'ai_relay_set_up', 1 );

/** The version as it is in the database now, whatever this request knew when it began. */
function ai_relay_stored_version(): string {
	global $wpdb;
	return (string) $wpdb->get_var( "SELECT option_value FROM $wpdb->options WHERE option_name = 'ai_relay_tables_version'" ); // phpcs:ignore WordPress.DB.DirectDatabaseQuery -- past all caches.
}

/** Name of the lock: the database server may have several sites. */
function ai_relay_setup_lock_name(): string {
	global $wpdb;
	return 'ai_relay_' . md5( DB_NAME . '|' . $wpdb->prefix );
}

/**
 * Lets one request at a time change the tables. A request that dies lets go of it with its connection. A
 * database that knows no locks (null) must do without.
 */
function ai_relay_setup_lock(): bool {
	global $wpdb;
	return '0' !== $wpdb->get_var( $wpdb->prepare( 'SELECT GET_LOCK(%s, %d)', ai_relay_setup_lock_name(), AI_RELAY_SETUP_PATIENCE ) ); // phpcs:ignore WordPress.DB.DirectDatabaseQuery -- a lock.
}

/** Lets the next one in. */
function ai_relay_setup_unlock(): void {
	global $wpdb;
	$wpdb->query( $wpdb->prepare( 'SELECT RELEASE_LOCK(%s)', ai_relay_setup_lock_name() ) ); // phpcs:ignore WordPress.DB.DirectDatabaseQuery -- a lock.
}

/**
 * Makes the options here, so that they are not loaded with every page; options.php would not ask. The short ones
 * that every page asks for are, or each would be a query of its own.
 */
function ai_relay_make_options(): void {
	foreach ( AI_RELAY_SETTINGS as $name => $value ) {
		add_option( 'ai_relay_' . $name, $value, '', in_array( $name, AI_RELAY_LOADED_SETTINGS, true ) );
	}
	add_option( 'ai_relay_sequence', '0', '', false );
	foreach ( AI_RELAY_MARKS as $mark ) {
		add_option( $mark, '0', '', false );
	}
	// Makes the keys of this installation differ from those of an earlier one on the same site.
	add_option( 'ai_relay_installation', wp_generate_password( 20, false ), '', false );
}

/** Makes the role that can write results and nothing else: not even read the dashboard. */
function ai_relay_make_role(): void {
	add_role( AI_RELAY_ROLE, 'AI Relay', array( AI_RELAY_CAPABILITY => true ) );
	$administrators = get_role( 'administrator' );
	if ( $administrators ) {
		$administrators->add_cap( AI_RELAY_CAPABILITY );
	}
}

/** Says so where the database has refused: nothing works then, and only the host can help. */
function ai_relay_setup_notice(): void {
	if ( ! get_transient( 'ai_relay_setup_failed' ) || ! current_user_can( 'manage_options' ) ) {
		return;
	}
	printf(
		'<div class="notice notice-error" id="ai-relay-setup-failed"><p>%s</p></div>',
		esc_html__( 'AI Relay could not make its tables in the database, so it does nothing. Ask your host to let the database user of this site CREATE and ALTER tables. AI Relay tries again every five minutes.', 'ai-relay' )
	);
}
add_action( 'admin_notices', 'ai_relay_setup_notice' );

/**
 * Plugin activated, on this site or on all of a network. The other sites set themselves up when they are
 * first seen: there may be ten thousand of them, and there will be new ones.
 */
function ai_relay_activate(): void {
	delete_transient( 'ai_relay_setup_failed' );
	ai_relay_set_up();
	ai_relay_schedule();
}
register_activation_hook( AI_RELAY_FILE, 'ai_relay_activate' );

/**
 * Plugin deactivated: nothing runs any more, everything is kept.
 *
 * @param bool $network_wide Whether on all sites of a network.
 */
function ai_relay_deactivate( bool $network_wide = false ): void {
	if ( ! $network_wide ) {
		ai_relay_unschedule();
		return;
	}
	$sites = get_sites(
		array(
			'fields' => 'ids',
			'number' => AI_RELAY_SITES_TOLD,
		)
	);
	foreach ( $sites as $site ) {
		switch_to_blog( $site );
		ai_relay_unschedule();
		restore_current_blog();
	}
}
register_deactivation_hook( AI_RELAY_FILE, 'ai_relay_deactivate' );

/** Takes everything of ours out of this site's cron. */
function ai_relay_unschedule(): void {
	foreach ( (array) _get_cron_array() as $hooks ) {
		foreach ( array_keys( (array) $hooks ) as $hook ) {
			if ( 0 === strpos( (string) $hook, 'ai_relay_' ) ) {
				wp_unschedule_hook( $hook );
			}
		}
	}
}

/** Whether the plugin is active on the site that is current now, which may be one that another site's code has switched to. */
function ai_relay_is_active_here(): bool {
	if ( ! is_multisite() || ! ms_is_switched() ) {
		return true;
	}
	$plugin = plugin_basename( AI_RELAY_FILE );
	return isset( ( (array) get_site_option( 'active_sitewide_plugins', array() ) )[ $plugin ] )
		|| in_array( $plugin, (array) get_option( 'active_plugins', array() ), true );
}
