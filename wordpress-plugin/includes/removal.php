<?php
/**
 * What happens when the plugin is deleted: everything of it goes, but events that have not been sent yet
 * stay, with what is needed to send them later, unless the owner has said that they may go too.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** Option, one for a whole network: unsent events may be deleted with the plugin. */
const AI_RELAY_DELETE_UNSENT = 'ai_relay_delete_unsent';

/** Sites of a network that are looked up at once. */
const AI_RELAY_SITES_AT_ONCE = 100;

/** What an unsent event needs to be sent one day: where to, signed how, and the order and keys of this site. */
const AI_RELAY_KEPT_OPTIONS = array( 'ai_relay_endpoint', 'ai_relay_secret', 'ai_relay_secret_next', 'ai_relay_key_id', 'ai_relay_sequence', 'ai_relay_installation' );

/** What an event is called that waits among the options, since the outbox did not take it. */
const AI_RELAY_KEPT_PREFIX = 'ai_relay_spool_';

/** Removes the plugin's things from every site. Called by uninstall.php. */
function ai_relay_remove_everywhere(): void {
	if ( ! is_multisite() ) {
		ai_relay_remove();
		delete_option( AI_RELAY_DELETE_UNSENT );
		return;
	}
	if ( function_exists( 'set_time_limit' ) ) {
		set_time_limit( 0 );
	}
	$offset = 0;
	do {
		$sites = get_sites(
			array(
				'fields'  => 'ids',
				'number'  => AI_RELAY_SITES_AT_ONCE,
				'offset'  => $offset,
				'orderby' => 'id',
			)
		);
		foreach ( $sites as $site ) {
			switch_to_blog( $site );
			ai_relay_remove();
			restore_current_blog();
		}
		$offset += AI_RELAY_SITES_AT_ONCE;
	} while ( $sites );
	delete_site_option( AI_RELAY_DELETE_UNSENT );
}

/** Removes everything of this site: settings, events, results. */
function ai_relay_remove(): void {
	$kept = ai_relay_must_keep_unsent();
	ai_relay_unschedule();
	ai_relay_drop_tables( $kept ? array( 'ai_relay_attempt', 'ai_relay_result' ) : AI_RELAY_TABLES );
	if ( $kept ) {
		ai_relay_remove_sent();
	}
	ai_relay_remove_role();
	ai_relay_remove_options( $kept );
	foreach ( array( 'post', 'comment', 'user' ) as $type ) {
		ai_relay_remove_meta( $type );
	}
}

/** How many events of this site have neither been sent nor given up. */
function ai_relay_unsent(): int {
	global $wpdb;
	$table  = $wpdb->prefix . 'ai_relay_outbox'; // Not ai_relay_outbox_table(), which would set a site up to be asked.
	$before = $wpdb->suppress_errors();
	$number = (int) $wpdb->get_var( "SELECT COUNT(*) FROM $table WHERE status IN ( 'waiting', 'sending' )" ); // phpcs:ignore WordPress.DB -- a name of ours, and the number of now.
	$wpdb->suppress_errors( $before );
	return $number + count( ai_relay_option_names( AI_RELAY_KEPT_PREFIX ) );
}

/** Removes the events that were sent or given up: what they say of people is not to stay with what is still to be sent. */
function ai_relay_remove_sent(): void {
	global $wpdb;
	$table  = $wpdb->prefix . 'ai_relay_outbox';
	$before = $wpdb->suppress_errors();
	$wpdb->query( "DELETE FROM $table WHERE status NOT IN ( 'waiting', 'sending' )" ); // phpcs:ignore WordPress.DB -- a name of ours, and a table that is never cached.
	$wpdb->suppress_errors( $before );
}

/** Whether there are unsent events of this site that nobody has given up. */
function ai_relay_must_keep_unsent(): bool {
	return '1' !== get_site_option( AI_RELAY_DELETE_UNSENT ) && ai_relay_unsent() > 0;
}

/** Removes the role, also from the users that have it, and the capability. */
function ai_relay_remove_role(): void {
	foreach ( get_users( array( 'role' => AI_RELAY_ROLE ) ) as $user ) {
		$user->remove_role( AI_RELAY_ROLE );
	}
	remove_role( AI_RELAY_ROLE );
	foreach ( array_keys( wp_roles()->roles ) as $role ) {
		get_role( $role )->remove_cap( AI_RELAY_CAPABILITY );
	}
}

/**
 * Removes our options and transients. One by one, so that caches learn of it.
 *
 * @param bool $kept Whether to leave what unsent events need.
 */
function ai_relay_remove_options( bool $kept ): void {
	foreach ( array( 'ai_relay_', '_transient_ai_relay_', '_transient_timeout_ai_relay_' ) as $prefix ) {
		foreach ( ai_relay_option_names( $prefix ) as $name ) {
			if ( AI_RELAY_DELETE_UNSENT === $name ) {
				continue; // Asked for each site, and removed after the last of them.
			}
			if ( $kept && ( in_array( $name, AI_RELAY_KEPT_OPTIONS, true ) || 0 === strpos( $name, AI_RELAY_KEPT_PREFIX ) ) ) {
				continue;
			}
			delete_option( $name );
		}
	}
}

/**
 * Options by the beginning of their name.
 *
 * @param string $prefix The beginning.
 * @return string[]
 */
function ai_relay_option_names( string $prefix ): array {
	global $wpdb;
	// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- there is no function that finds options so.
	return $wpdb->get_col( $wpdb->prepare( "SELECT option_name FROM $wpdb->options WHERE option_name LIKE %s", $wpdb->esc_like( $prefix ) . '%' ) );
}

/**
 * Removes our meta from all posts, comments or users, and from their caches.
 *
 * @param string $type `post`, `comment` or `user`.
 */
function ai_relay_remove_meta( string $type ): void {
	global $wpdb;
	$table = _get_meta_table( $type );
	foreach ( array( 'ai_relay_', '_ai_relay_' ) as $prefix ) {
		// phpcs:ignore WordPress.DB -- core's name of a table, and no function finds meta by the beginning of a key.
		$keys = $wpdb->get_col( $wpdb->prepare( "SELECT DISTINCT meta_key FROM $table WHERE meta_key LIKE %s", $wpdb->esc_like( $prefix ) . '%' ) );
		foreach ( $keys as $key ) {
			delete_metadata( $type, 0, $key, '', true );
		}
	}
}
