<?php
/**
 * What stops deliveries: a relay that does not know this site, until somebody acts, and one that asks for time.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** Options that several requests change at once, each in one statement and past every cache; Unix seconds. */
const AI_RELAY_MARKS = array( 'ai_relay_kick', 'ai_relay_hold_off' );

/**
 * Sets a mark. Of two requests that do so at once, one succeeds.
 *
 * @param string $name   One of AI_RELAY_MARKS.
 * @param int    $time   New time.
 * @param int    $before Only if the time there is not later than this.
 */
function ai_relay_mark( string $name, int $time, int $before ): bool {
	global $wpdb;
	return 1 === $wpdb->query( // phpcs:ignore WordPress.DB.DirectDatabaseQuery -- a cache would let both succeed.
		$wpdb->prepare( "UPDATE $wpdb->options SET option_value = %d WHERE option_name = %s AND CAST(option_value AS UNSIGNED) <= %d", $time, $name, $before )
	);
}

/**
 * Stops all deliveries until the owner acts.
 *
 * @param int    $code  401 or 403.
 * @param string $error The relay's words.
 */
function ai_relay_pause( int $code, string $error ): void {
	update_option(
		'ai_relay_pause',
		array(
			'code'     => $code,
			'error'    => $error,
			'since'    => time(),
			'settings' => ai_relay_settings_fingerprint(),
		),
		true
	);
}

/**
 * Why deliveries are paused, or null. A change in wp-config.php ends a pause as saving does.
 *
 * @return array{code:int,error:string,since:int}|null
 */
function ai_relay_paused(): ?array {
	$pause = get_option( 'ai_relay_pause' );
	if ( ! is_array( $pause ) || ! hash_equals( $pause['settings'], ai_relay_settings_fingerprint() ) ) {
		return null;
	}
	return $pause;
}

/** Tells one set of settings from another without giving any of them away. */
function ai_relay_settings_fingerprint(): string {
	return wp_hash( wp_json_encode( array_map( 'ai_relay_setting', AI_RELAY_CONNECTION ) ) );
}

/** Ends a pause. */
function ai_relay_end_pause(): void {
	delete_option( 'ai_relay_pause' );
}

/** Ends a pause, and what the relay asked for: somebody says "try again". */
function ai_relay_resume(): void {
	ai_relay_end_pause();
	ai_relay_mark( 'ai_relay_hold_off', 0, PHP_INT_MAX );
	ai_relay_deliver_soon();
}

/**
 * Leaves the relay alone for a while, all runners together.
 *
 * @param int $seconds What it asked for.
 */
function ai_relay_hold_off( int $seconds ): void {
	$until = time() + $seconds;
	ai_relay_mark( 'ai_relay_hold_off', $until, $until );
}

/** Until when the relay asked to be left alone, in Unix seconds; of the past when it did not. */
function ai_relay_held_off_until(): int {
	global $wpdb;
	// Not get_option(): another runner may just have been told.
	return (int) $wpdb->get_var( "SELECT option_value FROM $wpdb->options WHERE option_name = 'ai_relay_hold_off'" ); // phpcs:ignore WordPress.DB.DirectDatabaseQuery
}
