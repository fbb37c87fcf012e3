<?php
/**
 * Where an event waits when the database does not take it into the outbox: a table that is damaged, locked for
 * too long, or full. Options are in another table, and what made the event was written, so that one is there.
 *
 * @package AI_Relay
 */

// phpcs:disable WordPress.DB.DirectDatabaseQuery -- of what is hardly ever there, and never cached.

defined( 'ABSPATH' ) || exit;

const AI_RELAY_SPOOL = 'ai_relay_spool_';

/** So many of them are taken into the outbox at a time. */
const AI_RELAY_SPOOL_PART = 100;

/** Makes the tables that are missing. */
function ai_relay_repair_tables(): void {
	global $wpdb;
	$suppressed = $wpdb->suppress_errors();
	if ( ai_relay_outbox_table() !== $wpdb->get_var( $wpdb->prepare( 'SHOW TABLES LIKE %s', $wpdb->esc_like( ai_relay_outbox_table() ) ) ) ) {
		ai_relay_make_tables();
	}
	$wpdb->suppress_errors( $suppressed );
}

/**
 * Keeps an event that the outbox did not take.
 *
 * @param string $key     Idempotency key.
 * @param array  $payload The event.
 * @return bool Whether the event is new.
 */
function ai_relay_spool( string $key, array $payload ): bool {
	$event = array(
		'key'     => $key,
		'payload' => $payload,
	);
	return add_option( AI_RELAY_SPOOL . hash( 'sha256', $key ), $event, '', false );
}

/** Takes what was kept so into the outbox. */
function ai_relay_unspool(): void {
	global $wpdb;
	// Names and values from the table itself: a cache that has not heard of one must not make us delete it.
	$kept = $wpdb->get_results( $wpdb->prepare( "SELECT option_name, option_value FROM $wpdb->options WHERE option_name LIKE %s ORDER BY option_id LIMIT %d", $wpdb->esc_like( AI_RELAY_SPOOL ) . '%', AI_RELAY_SPOOL_PART ) );
	foreach ( $kept as $option ) {
		$event = maybe_unserialize( $option->option_value );
		if ( ! is_array( $event ) ) {
			continue; // Not what we have written; the owner's to look at.
		}
		$added = ai_relay_outbox_insert( $event['key'], $event['payload'] );
		if ( false === $added ) {
			return; // It still does not.
		}
		if ( 1 === $added ) {
			ai_relay_outbox_number( $event['key'], 0 );
		}
		delete_option( $option->option_name );
	}
}
